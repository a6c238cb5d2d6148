using Codius.Web.Apps;
using Codius.Web.Hosting;

namespace Codius.Web.Visits;

/// <summary>The problems that answer a program whose visit ended without the app's own answer.</summary>
internal static class VisitProblems
{
    public static Problem PaymentRequired { get; } = new(402, "payment-required", "The app is out of funds",
        "Pay the app's payment pointer and send the request again. Whoever visits an app spends its balance; nothing was charged for "
            + "this answer.");

    public static Problem Of(VisitOutcome outcome, int retryAfter) => outcome switch
    {
        VisitOutcome.UnknownApp => Problem.NoSuchApp,
        VisitOutcome.NotForwardable => new(400, "not-forwardable", "This request cannot be passed on",
            "The gateway passes on HTTP requests and WebSockets; it is no tunnel. Send another method."),
        VisitOutcome.TooFast => new(429, "too-many-requests", "Too many requests from one address",
            "One client may spend only so much of an app's money a second. Nothing was charged; send the request again after Retry-After.")
        { RetryAfter = retryAfter },
        VisitOutcome.OverOwnersCap => new(429, "owners-cap", "The app has spent what its owner allows an hour",
            "The owner of this app limits what its requests may cost an hour. Nothing was charged; send the request again after "
                + "Retry-After.")
        { RetryAfter = retryAfter },
        VisitOutcome.LeftAsleep => new(503, "asleep", "The app is asleep",
            "A request of this kind does not wake it. Open a page of the app, then try again.")
        { RetryAfter = 60 },
        VisitOutcome.Recalled => new(503, "funds-on-their-way", "The app's money is in use at this moment",
            "It is set aside for other requests that came before this one. This request was not charged; send it again.")
        { RetryAfter = 1 },
        VisitOutcome.LedgerUnavailable => Problem.LedgerUnavailable(5,
            "This is trouble of the host, not of the app. This request was not charged; send it again later."),
        VisitOutcome.NoRoomToWait => new(503, "too-many-waiting", "Too many requests wait for apps to wake",
            "The app is waking. This request was not charged; send it again.")
        { RetryAfter = 2 },
        VisitOutcome.AppUnreachable => new(503, "app-unreachable", "The app cannot be reached",
            "It is said to run, but nobody listens at its address. This request was not charged; send it again.")
        { RetryAfter = 1 },
        VisitOutcome.NotDelivered => new(502, "not-delivered", "The request did not reach the app",
            "Nothing of it was taken by the app, and it was not charged. Send it again; if it fails each time, the app's server does not "
                + "take such a request, for example because its headers are too large."),
        VisitOutcome.AnswerTimedOut => new(504, "app-silent", "The app did not answer in time",
            "It took the request and did not begin to answer for as long as this host waits. It may have acted on it: send it again "
                + "only if that does no harm."),
        VisitOutcome.AppBrokeOff => new(502, "app-broke-off", "The app did not answer",
            "It took the request and closed the connection without a whole answer. It may have acted on it: send it again only if that "
                + "does no harm."),
        VisitOutcome.AnswerNotForwardable => new(502, "bad-answer", "The app's answer cannot be passed on",
            "The app took the request and answered with headers that are not valid HTTP (control characters, a length that contradicts "
                + "itself) or too long. It may have acted on it: send it again only if that does no harm."),
        _ => throw new InvalidOperationException($"{outcome} is not answered with a problem"),
    };

    /// <summary>The state at that time says what the app was still waiting for.</summary>
    public static Problem WakeTimedOut(AppState state) => new(504, "wake-timeout", "The app did not wake in time",
        $"{(state as AppState.WakingState)?.Detail} It may still be starting, which its balance pays like time awake. ".TrimStart()
            + "This request was not charged; send it again.")
    {
        RetryAfter = 5,
    };

    /// <param name="failed">Why it could not start; the app's own output is for its owner alone.</param>
    /// <param name="after">Who can mend it, and what it cost.</param>
    /// <param name="now">The time.</param>
    public static Problem WakeFailed(AppState.Failed failed, string after, DateTimeOffset now)
    {
        var wait = failed.RetryAt is { } at ? Math.Min(3600, RetryAfter.SecondsOf(at - now)) : 10;
        return new(503, "app-failed", "The app could not start",
            $"{Sentence(failed.Reason)} {after} This request was not charged; send it again after {wait} seconds.")
        {
            RetryAfter = wait,
        };
    }

    public static Problem BadBody(int status) => new(status is 408 or 413 ? status : 400, "bad-body", "The request's body is not whole",
        "It broke off or was malformed while the app was reading it. The app had the request, so it was charged.");

    private static string Sentence(string text) => text is [.., '.' or '!' or '?'] ? text : text + ".";
}
