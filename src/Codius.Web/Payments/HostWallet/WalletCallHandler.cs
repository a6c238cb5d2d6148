using System.Net;
using Codius.Web.Hosting.Resilience;
using Codius.Web.Payments.Setup;
using Microsoft.Extensions.Options;
using Polly;
using Polly.Timeout;

namespace Codius.Web.Payments.HostWallet;

/// <summary>
/// Guards the calls to the host's wallet with a time-out and a circuit breaker, and counts them. It repeats none: a read is due again by
/// its schedule, and a repeated create would leave a second payment at the wallet.
/// </summary>
internal sealed class WalletCallHandler : DelegatingHandler
{
    private const int CallsBeforeOpen = 20;
    private const string Payments = "/incoming-payments";

    private readonly ResiliencePipeline<HttpResponseMessage> _pipeline;

    public WalletCallHandler(TimeSpan timeout, TimeProvider time)
    {
        var breaker = OutboundCalls.Breaker(CallsBeforeOpen);
        // Not 429: the wallet says by Retry-After how long it wants none.
        breaker.ShouldHandle = args => new(args.Outcome.Exception is HttpRequestException or TimeoutRejectedException
            || args.Outcome.Result?.StatusCode >= HttpStatusCode.InternalServerError);
        _pipeline = new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = time }
            .AddCircuitBreaker(breaker)
            .AddTimeout(timeout)
            .Build();
    }

    /// <summary>A client for the host's wallet: the owner chose it, so it may be anywhere.</summary>
    public static HttpClient CreateClient(IServiceProvider services)
    {
        var timeout = services.GetRequiredService<IOptions<PaymentsOptions>>().Value.WalletTimeout;
        var development = services.GetRequiredService<IHostEnvironment>().IsDevelopment();
        return new HttpClient(new WalletCallHandler(timeout, services.GetRequiredService<TimeProvider>())
        {
            InnerHandler = WalletRegistration.Handler(development),
        })
        {
            // For the body, which follows the response headers.
            Timeout = timeout + TimeSpan.FromSeconds(1),
            MaxResponseContentBufferSize = WalletRegistration.MaxAnswerBytes,
        };
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var kind = KindOf(request);
        try
        {
            var response = await _pipeline.ExecuteAsync(
                async cancellation => await base.SendAsync(request, cancellation), cancellationToken);
            HostWalletMeter.Called(kind, OutcomeOf(response.StatusCode));
            return response;
        }
        catch (ExecutionRejectedException exception)
        {
            HostWalletMeter.Called(kind, exception is TimeoutRejectedException ? "too slow" : "breaker open");
            // The library does not know Polly's exceptions: for it the host could not be reached.
            throw new HttpRequestException(exception.Message, exception);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            HostWalletMeter.Called(kind, "unreachable");
            throw;
        }
    }

    private static string KindOf(HttpRequestMessage request)
    {
        var path = request.RequestUri!.AbsolutePath;
        if (request.Method == HttpMethod.Get) return path.Contains(Payments + "/", StringComparison.Ordinal) ? "read" : "document";
        if (path.EndsWith("/complete", StringComparison.Ordinal)) return "complete";
        return path.EndsWith(Payments, StringComparison.Ordinal) ? "create" : "grant";
    }

    private static string OutcomeOf(HttpStatusCode status) => (int)status switch
    {
        < 300 => "answered",
        429 => "too many",
        < 500 => "refused",
        _ => "failed",
    };
}
