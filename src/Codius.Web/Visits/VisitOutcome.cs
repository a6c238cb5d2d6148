namespace Codius.Web.Visits;

/// <summary>All ends of a visit: what the client gets, and what becomes of its price.</summary>
internal enum VisitOutcome
{
    /// <summary>Goes on to the next step. At the end of a visit: the gateway itself failed (500, void).</summary>
    None = 0,

    /// <summary>404: nothing is deployed under that name. Nothing was reserved.</summary>
    UnknownApp,

    /// <summary>400: a request that cannot be passed on, such as a plain CONNECT. Void.</summary>
    NotForwardable,

    /// <summary>429: more requests than one client may send to one app. Nothing was reserved.</summary>
    TooFast,

    /// <summary>429: the owner's cap on the app's spending per hour is reached. Nothing was reserved.</summary>
    OverOwnersCap,

    /// <summary>404 or 503: an icon, robots.txt, preflight or prefetch, and the app sleeps on. Nothing was reserved.</summary>
    LeftAsleep,

    /// <summary>402: out of funds, or too little to wake the app too. Nothing stays reserved.</summary>
    NotEnough,

    /// <summary>503: the money is there, but other gateways hold it. Nothing stays reserved.</summary>
    Recalled,

    /// <summary>503: the ledger cannot be asked. Nothing stays reserved.</summary>
    LedgerUnavailable,

    /// <summary>503 page: a navigation woke the app, or watches it wake. Void: waiting is free.</summary>
    ShownWaking,

    /// <summary>503: too many requests wait for this app, or for all apps together. Void.</summary>
    NoRoomToWait,

    /// <summary>504: the app was not awake in time. Void.</summary>
    WakeTimedOut,

    /// <summary>503: the app could not start; the cause is told. Void.</summary>
    WakeFailed,

    /// <summary>No answer: the client left before its request reached the app. Void.</summary>
    ClientLeft,

    /// <summary>503: nobody listens at the app's address. Void.</summary>
    AppUnreachable,

    /// <summary>The app's own answer. Committed when it began; a preflight's is free and comes without its body.</summary>
    Answered,

    /// <summary>The app's own 5xx. Void; committed beyond <c>Prices:FreeErrorsPerMinute</c>.</summary>
    AppFailed,

    /// <summary>502: the request reached the app, its answer never came (whole). Money as with <see cref="AppFailed"/>.</summary>
    AppBrokeOff,

    /// <summary>400, 408 or 413: the request's body broke off or was malformed while the app was reading it. Committed.</summary>
    BadBody,

    /// <summary>No answer: the client left while the app was at work. Committed.</summary>
    ClientLeftApp,
}
