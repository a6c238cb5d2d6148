using System.Net.Sockets;
using Codius.Web.Hosting.Resilience;
using Microsoft.Extensions.Caching.Memory;
using OpenPayments.Net.Clients;
using Polly;
using Polly.Timeout;

namespace Codius.Web.Payments.OpenPayments;

/// <summary>
/// Fetches clients' keys while a caller waits: a short time-out over all attempts, one repeat, and a circuit breaker for each
/// wallet's host, so that a dead one costs the others nothing.
/// </summary>
internal sealed class KeyFetchHandler(TimeProvider time) : DelegatingHandler
{
    private const int Repeats = 1;
    private const int FailuresOfADeadHost = 5;

    // Callers choose the hosts, so there may be no end of them: beyond that many, further ones go without a breaker.
    private const int MaxHosts = 1_000;
    private static readonly TimeSpan Forgotten = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);

    // The keys themselves follow the answer's head.
    private static readonly TimeSpan TimeForBody = TimeSpan.FromSeconds(1);

    private readonly MemoryCache _pipelines = new(new MemoryCacheOptions { SizeLimit = MaxHosts });

    /// <summary>A client for <see cref="global::OpenPayments.Net.OpenPaymentsOptions.KeyFetchClient"/>.</summary>
    public static HttpClient CreateClient(bool insecure, TimeProvider time) =>
        GuardedHttp.Create(insecure, GuardedHttp.Timeout + TimeForBody, new KeyFetchHandler(time));

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return await PipelineOf(request.RequestUri!.Authority).ExecuteAsync(
                cancellation => AttemptAsync(request, cancellation), cancellationToken);
        }
        catch (ExecutionRejectedException exception)
        {
            // The library knows nothing of Polly: to it the host could not be reached.
            throw new HttpRequestException(exception.Message, exception);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _pipelines.Dispose();
        base.Dispose(disposing);
    }

    private async ValueTask<HttpResponseMessage> AttemptAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        try
        {
            return await base.SendAsync(request, cancellation);
        }
        catch (SocketException exception)
        {
            // Of a host that hangs up as soon as it is connected to, the handler below reports the bare error of the socket.
            throw new HttpRequestException(exception.Message, exception);
        }
    }

    private ResiliencePipeline<HttpResponseMessage> PipelineOf(string host) => _pipelines.GetOrCreate(host, entry =>
    {
        entry.SetSize(1).SetSlidingExpiration(Forgotten);
        return Build();
    })!;

    private ResiliencePipeline<HttpResponseMessage> Build()
    {
        var breaker = OutboundCalls.Breaker(FailuresOfADeadHost);
        // An answer is none of a dead host, whatever its status: else anybody who finds a URL there that fails could lock out its wallets.
        breaker.ShouldHandle = args => new(args.Outcome.Exception is HttpRequestException or TimeoutRejectedException);
        return new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = time }
            .AddCircuitBreaker(breaker)
            .AddTimeout(GuardedHttp.Timeout)
            .AddRetry(OutboundCalls.RetryAfter(Repeats, LongestWait, time, static _ => true))
            .Build();
    }
}
