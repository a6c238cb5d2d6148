using Microsoft.Extensions.Http.Resilience;
using Polly;

namespace Codius.Web.Hosting.Resilience;

/// <summary>
/// What the resilience pipelines of outbound calls share. Each pipeline adds which calls may be repeated, and its timeouts.
/// </summary>
internal static class OutboundCalls
{
    /// <summary>Repeats with exponential back-off and jitter, ignoring <c>Retry-After</c>.</summary>
    public static HttpRetryStrategyOptions Retry(int repeats) => new()
    {
        MaxRetryAttempts = repeats,
        BackoffType = DelayBackoffType.Exponential,
        Delay = TimeSpan.FromMilliseconds(100),
        UseJitter = true,
        ShouldRetryAfterHeader = false,
    };

    /// <summary>Repeats after the answer's <c>Retry-After</c>, where it has one.</summary>
    /// <param name="repeats">The most repeats.</param>
    /// <param name="longestWait">
    /// An answer with a longer wait is returned to the caller: a repeat before that time would only be refused again.
    /// </param>
    /// <param name="time">The clock, for an answer with a date.</param>
    /// <param name="mayRepeat">Which of the transient failures may be repeated.</param>
    public static HttpRetryStrategyOptions RetryAfter(
        int repeats, TimeSpan longestWait, TimeProvider time, Func<Outcome<HttpResponseMessage>, bool> mayRepeat)
    {
        var retry = Retry(repeats);
        retry.ShouldHandle = args => new(
            HttpClientResiliencePredicates.IsTransient(args.Outcome) && mayRepeat(args.Outcome)
                && !(WaitOf(args.Outcome.Result, time) > longestWait));
        // Null means the back-off above.
        retry.DelayGenerator = args => new(WaitOf(args.Outcome.Result, time));
        return retry;
    }

    /// <summary>Stops calls for five seconds when half of them have failed.</summary>
    /// <param name="minimumCalls">With fewer calls in half a minute the breaker stays closed.</param>
    public static HttpCircuitBreakerStrategyOptions Breaker(int minimumCalls) => new()
    {
        FailureRatio = 0.5,
        MinimumThroughput = minimumCalls,
        SamplingDuration = TimeSpan.FromSeconds(30),
        BreakDuration = TimeSpan.FromSeconds(5),
    };

    /// <summary>The answer's <c>Retry-After</c>; null if it has none.</summary>
    public static TimeSpan? WaitOf(HttpResponseMessage? answer, TimeProvider time) => answer?.Headers.RetryAfter switch
    {
        { Delta: { } wait } => wait,
        { Date: { } date } => date > time.GetUtcNow() ? date - time.GetUtcNow() : TimeSpan.Zero,
        _ => null,
    };
}
