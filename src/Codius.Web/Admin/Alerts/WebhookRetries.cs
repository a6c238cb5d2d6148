using Polly;
using Polly.Retry;

namespace Codius.Web.Admin.Alerts;

/// <summary>Tries a webhook again, after longer and longer waits, for as long as it gives a cause why it did not take a message.</summary>
internal static class WebhookRetries
{
    /// <param name="attempts">How often at most, after the first time.</param>
    /// <param name="first">The first wait.</param>
    /// <param name="longest">The longest.</param>
    /// <param name="retried">Called before each wait with its number, from 0, and the cause.</param>
    /// <param name="time">The clock of the waits.</param>
    public static ResiliencePipeline<string?> Of(
        int attempts, TimeSpan first, TimeSpan longest, Action<int, string> retried, TimeProvider time) =>
        new ResiliencePipelineBuilder<string?> { TimeProvider = time }.AddRetry(new RetryStrategyOptions<string?>
        {
            ShouldHandle = args => new(args.Outcome.Result is not null),
            MaxRetryAttempts = attempts,
            BackoffType = DelayBackoffType.Exponential,
            Delay = first,
            MaxDelay = longest,
            UseJitter = true,
            OnRetry = args =>
            {
                retried(args.AttemptNumber, args.Outcome.Result!);
                return default;
            },
        }).Build();
}
