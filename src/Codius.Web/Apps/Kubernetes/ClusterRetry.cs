using System.Net;
using Codius.Web.Hosting.Resilience;
using Microsoft.Extensions.Http.Resilience;
using Polly;

namespace Codius.Web.Apps.Kubernetes;

/// <summary>
/// Retries calls after transient errors of the API server. A watch is not cut short by it: only the response's headers are
/// awaited. There is no circuit breaker: every caller has its own back-off, and there is one API server.
/// </summary>
internal static class ClusterRetry
{
    private const int Repeats = 2;

    /// <summary>Two such waits leave time for the call itself.</summary>
    /// <seealso cref="ClusterClient.CallTimeout"/>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(3);

    public static DelegatingHandler Create(TimeProvider time, ILoggerFactory logs)
    {
        var pipeline = new ResiliencePipelineBuilder<HttpResponseMessage> { Name = "kubernetes", TimeProvider = time };
        pipeline.ConfigureTelemetry(logs).AddRetry(OutboundCalls.RetryAfter(Repeats, LongestWait, time, MayRepeat));
        return new ResilienceHandler(pipeline.Build());
    }

    // 429 is the server's flow control: nothing was done, whatever the call. After a 5xx it may have been done: a second GET or
    // PATCH changes nothing, but a PUT or DELETE would get 409 or 404, which its caller mistakes for another client's change,
    // and a POST would create two.
    private static bool MayRepeat(Outcome<HttpResponseMessage> outcome) => outcome.Result is { } answer
        && (answer.StatusCode == HttpStatusCode.TooManyRequests
            || answer.RequestMessage?.Method is { } method && (method == HttpMethod.Get || method == HttpMethod.Patch));
}
