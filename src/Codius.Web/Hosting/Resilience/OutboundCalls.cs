using Microsoft.Extensions.Http.Resilience;
using Polly;

namespace Codius.Web.Hosting.Resilience;

/// <summary>
/// What the resilience pipelines around calls to other hosts share. Each adds what may be repeated, and how long it may take.
/// </summary>
internal static class OutboundCalls
{
    /// <summary>Repeats with exponential back-off and jitter, whatever wait the answer asks for.</summary>
    public static HttpRetryStrategyOptions Retry(int repeats) => new()
    {
        MaxRetryAttempts = repeats,
        BackoffType = DelayBackoffType.Exponential,
        Delay = TimeSpan.FromMilliseconds(100),
        UseJitter = true,
        ShouldRetryAfterHeader = false,
    };

    /// <summary>Repeats after the answer's <c>Retry-After</c>, where it has one.</summary>
    /// <param name="repeats">At most so many.</param>
    /// <param name="longestWait">An answer that asks for a longer wait goes to the caller: a repeat before that time would only be refused
    /// again.</param>
    /// <param name="time">The clock for an answer that names a date.</param>
    /// <param name="mayRepeat">What may be repeated of all that looks transient.</param>
    public static HttpRetryStrategyOptions RetryAfter(
        int repeats, TimeSpan longestWait, TimeProvider time, Func<Outcome<HttpResponseMessage>, bool> mayRepeat)
    {
        var retry = Retry(repeats);
        retry.ShouldHandle = args => new(
            HttpClientResiliencePredicates.IsTransient(args.Outcome) && mayRepeat(args.Outcome)
                && !(WaitOf(args.Outcome.Result, time) > longestWait));
        // Null: the back-off above.
        retry.DelayGenerator = args => new(WaitOf(args.Outcome.Result, time));
        return retry;
    }

    /// <summary>Stops calling for a moment when half of the calls have failed.</summary>
    /// <param name="minimumCalls">Fewer calls than that in half a minute prove nothing.</param>
    public static HttpCircuitBreakerStrategyOptions Breaker(int minimumCalls) => new()
    {
        FailureRatio = 0.5,
        MinimumThroughput = minimumCalls,
        SamplingDuration = TimeSpan.FromSeconds(30),
        BreakDuration = TimeSpan.FromSeconds(5),
    };

    private static TimeSpan? WaitOf(HttpResponseMessage? answer, TimeProvider time) => answer?.Headers.RetryAfter switch
    {
        { Delta: { } wait } => wait,
        { Date: { } date } => date > time.GetUtcNow() ? date - time.GetUtcNow() : TimeSpan.Zero,
        _ => null,
    };
}
