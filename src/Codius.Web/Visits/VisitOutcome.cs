namespace Codius.Web.Visits;

/// <summary>How a visit can end: what the client gets, and whether its price is committed or void.</summary>
internal enum VisitOutcome
{
    /// <summary>The visit continues with the next step. At the end of a visit: the gateway itself failed (500, void).</summary>
    None = 0,

    /// <summary>404: nothing is deployed under that name. Nothing was reserved.</summary>
    UnknownApp,

    /// <summary>400: a request that cannot be forwarded, such as a plain CONNECT. Void.</summary>
    NotForwardable,

    /// <summary>403: the host's owner has blocked the app. Nothing was reserved; a wake that was paid meanwhile is given back.</summary>
    Blocked,

    /// <summary>429: the client exceeded its rate limit for this app by more than a short wait. Nothing was reserved.</summary>
    TooFast,

    /// <summary>429: the owner's cap on the app's spending per hour is reached. Nothing was reserved.</summary>
    OverOwnersCap,

    /// <summary>404 or 503: an icon, a prefetch, a monitor or a link preview, and the app stays asleep. Nothing was reserved.</summary>
    LeftAsleep,

    /// <summary>402: out of funds, or not enough to also wake the app. Nothing stays reserved.</summary>
    NotEnough,

    /// <summary>503: the account has the funds, but other gateways lease them. Nothing stays reserved.</summary>
    Recalled,

    /// <summary>503: the ledger is unavailable. Nothing stays reserved.</summary>
    LedgerUnavailable,

    /// <summary>503 page: a navigation woke the app or found it waking. Void; the wake paid a minute awake.</summary>
    ShownWaking,

    /// <summary>503: too many requests wait for this app, or for all apps together. Void.</summary>
    NoRoomToWait,

    /// <summary>504: the app was not awake in time. Void.</summary>
    WakeTimedOut,

    /// <summary>503: the app could not start; the answer names the cause. Void.</summary>
    WakeFailed,

    /// <summary>No answer: the client left before its request reached the app. Void.</summary>
    ClientLeft,

    /// <summary>503: nothing listens at the app's address. Void.</summary>
    AppUnreachable,

    /// <summary>502: the request failed before any of it was sent, or the app refused it unread. Void.</summary>
    NotDelivered,

    /// <summary>The app's own answer. Committed when it began; a preflight's answer is free and sent without its body.</summary>
    Answered,

    /// <summary>
    /// The app's own 5xx. Void; committed beyond <c>Prices:FreeErrorsPerMinute</c>, or if it came over 30 seconds after the request.
    /// </summary>
    AppFailed,

    /// <summary>502: the request reached the app, but no (complete) answer came back. Charged as <see cref="AppFailed"/>.</summary>
    AppBrokeOff,

    /// <summary>
    /// 502: the app answered, but its answer is not valid HTTP or has too long a head. Charged as <see cref="AppFailed"/>.
    /// </summary>
    AnswerNotForwardable,

    /// <summary>
    /// 504: the request reached the app, but its answer did not begin within <c>Visits:ResponseTimeout</c>. Charged as
    /// <see cref="AppFailed"/>, so always if that is over 30 seconds.
    /// </summary>
    AnswerTimedOut,

    /// <summary>400, 408 or 413: the request's body was cut off or malformed while the app was reading it. Committed.</summary>
    BadBody,

    /// <summary>No answer: the client left while the app was working. Committed.</summary>
    ClientLeftApp,
}
