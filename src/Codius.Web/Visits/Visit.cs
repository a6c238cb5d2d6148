using System.Diagnostics.CodeAnalysis;
using Codius.Web.Apps;
using Codius.Web.Balances;

namespace Codius.Web.Visits;

/// <summary>What one step of the pipeline leaves for the next; also the feature by which YARP's transforms find it.</summary>
internal sealed class Visit(HttpContext context, long arrivedAt)
{
    public HttpContext Context { get; } = context;

    /// <summary>Timestamp of the injected clock.</summary>
    public long ArrivedAt { get; } = arrivedAt;

    /// <summary>How it ended, or <see cref="VisitOutcome.None"/>.</summary>
    public VisitOutcome Outcome { get; set; }

    public bool GoesOn => Outcome == VisitOutcome.None;

    /// <summary>Whom the visit is for; there once Arrival let it in.</summary>
    [field: MaybeNull]
    public HostedApp App { get => field ?? throw new InvalidOperationException("Arrival names the app"); set; }

    public VisitKind Kind { get; set; }

    /// <summary>With 429: seconds after which one more request is let in.</summary>
    public int RetryAfter { get; set; }

    /// <summary>The account's funds as the last bill left them; null if nothing was billed.</summary>
    public ulong? Funds { get; set; }

    /// <summary>The price set aside; null before Charging, for a preflight, and once it was committed or voided.</summary>
    public Reservation? Reservation { get; set; }

    /// <summary>The price counts against the owner's cap from this minute on; null without a cap.</summary>
    public long? CapMinute { get; set; }

    /// <summary>True if the price was committed.</summary>
    public bool Charged { get; set; }

    /// <summary>What the app was doing when ColdStart last looked; <see cref="AppState.Awake"/> once the visit goes on.</summary>
    public AppState State { get; set; } = AppState.Asleep;

    /// <summary>What <c>Server-Timing</c> tells about the wait; null for a visit that did not wait.</summary>
    public string? ServerTiming { get; set; }

    /// <summary>The request to the app, once there is one.</summary>
    public HttpRequestMessage? Outgoing { get; set; }

    /// <summary>What the app's answer made of the visit; None until it begins.</summary>
    public VisitOutcome Answer { get; set; }
}
