using Codius.Shared;
using Codius.Web.Hosting.Resilience;
using OpenPayments.Net.Clients;
using Polly;
using Polly.Timeout;

namespace Codius.Web.Payments.OpenPayments;

/// <summary>
/// Fetches clients' keys while a caller waits: a short time-out over all attempts, one retry, and a circuit breaker per wallet
/// host, so that an unreachable one does not slow down the others.
/// </summary>
internal sealed class KeyFetchHandler(TimeProvider time) : DelegatingHandler
{
    private const int Repeats = 1;
    private const int FailuresBeforeOpen = 5;

    // Callers choose the hosts, so their number is unbounded: the breakers of the hosts used last are kept.
    private const int Hosts = 500;
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);

    // For the body, which follows the response headers.
    private static readonly TimeSpan TimeForBody = TimeSpan.FromSeconds(1);

    private readonly RecentlyUsed<string, ResiliencePipeline<HttpResponseMessage>> _pipelines =
        new(Hosts, StringComparer.OrdinalIgnoreCase);

    /// <summary>A client for <see cref="global::OpenPayments.Net.OpenPaymentsOptions.KeyFetchClient"/>.</summary>
    public static HttpClient CreateClient(bool insecure, TimeProvider time) =>
        GuardedHttp.Create(insecure, GuardedHttp.Timeout + TimeForBody, new KeyFetchHandler(time));

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return await _pipelines.GetOrAdd(request.RequestUri!.Authority, _ => Build()).ExecuteAsync(
                async cancellation => await base.SendAsync(request, cancellation), cancellationToken);
        }
        catch (ExecutionRejectedException exception)
        {
            // The library does not know Polly's exceptions: for it the host could not be reached.
            throw new HttpRequestException(exception.Message, exception);
        }
    }

    private ResiliencePipeline<HttpResponseMessage> Build()
    {
        var breaker = OutboundCalls.Breaker(FailuresBeforeOpen);
        // Any response, whatever its status, shows that the host is up: else a caller with a failing URL there could block its wallets.
        breaker.ShouldHandle = args => new(args.Outcome.Exception is HttpRequestException or TimeoutRejectedException);
        return new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = time }
            .AddCircuitBreaker(breaker)
            .AddTimeout(GuardedHttp.Timeout)
            .AddRetry(OutboundCalls.RetryAfter(Repeats, LongestWait, time, static _ => true))
            .Build();
    }
}
