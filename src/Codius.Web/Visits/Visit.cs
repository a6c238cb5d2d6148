using System.Diagnostics.CodeAnalysis;
using Codius.Web.Apps;
using Codius.Web.Balances;
using Codius.Web.Visits.AccessLog;
using Codius.Web.Visits.Forwarding;

namespace Codius.Web.Visits;

/// <summary>The state that the pipeline's steps share.</summary>
internal sealed class Visit(HttpContext context, long arrivedAt)
{
    private HostedApp? _app;
    private bool _connected;

    public HttpContext Context { get; } = context;

    /// <summary>Timestamp of the injected clock.</summary>
    public long ArrivedAt { get; } = arrivedAt;

    /// <summary>What is noted for the access log and the trace; null for a visit that is in neither.</summary>
    public VisitRecord? Record { get; set; }

    /// <summary>How it ended, or <see cref="VisitOutcome.None"/>.</summary>
    public VisitOutcome Outcome { get; set; }

    public bool Continues => Outcome == VisitOutcome.None;

    /// <summary>The app that is visited; set by Arrival.</summary>
    public HostedApp App { get => _app ?? throw new InvalidOperationException("Arrival has not set the app"); set => _app = value; }

    public bool HasApp => _app is not null;

    public VisitKind Kind { get; set; }

    /// <summary>With 429: seconds until the next request is allowed.</summary>
    public int RetryAfter { get; set; }

    /// <summary>The account's funds as the last bill left them; null if nothing was billed.</summary>
    public ulong? Funds { get; set; }

    /// <summary>The reserved price; null before Charging, for a preflight that wakes nothing, and once committed or voided.</summary>
    public Reservation? Reservation { get; set; }

    /// <summary>True if the price was committed.</summary>
    public bool Charged { get; set; }

    /// <summary>The app's state as ColdStart last read it; <see cref="AppState.Awake"/> once the visit goes on.</summary>
    public AppState State { get; set; } = AppState.Asleep;

    /// <summary>The <c>Server-Timing</c> header about the wait; null for a visit that did not wait.</summary>
    public string? ServerTiming { get; set; }

    /// <summary>How far the request got on its way to the app; set while it is forwarded, by the code that writes it.</summary>
    public Delivery Delivery { get; private set; }

    /// <summary>True once some of the client's body was read, so that the request cannot be sent a second time.</summary>
    public bool BodyTaken { get; set; }

    /// <summary>True if the app closed before it had the whole body; it may have answered before.</summary>
    public bool UploadRefused { get; set; }

    /// <summary>When the app's answer must have begun; set by Forwarding.</summary>
    [field: MaybeNull]
    public AnswerDeadline Deadline { get => field ?? throw new InvalidOperationException("Forwarding has not set it"); set; }

    /// <summary>The request has a connection of the app: from now on its price cannot be recalled.</summary>
    public void Connect()
    {
        if (_connected) return;
        _connected = true;
        Reservation?.Forward();
    }

    /// <summary>Some of the request was sent to the app.</summary>
    public void Deliver() => Delivery = Delivery.Sent;

    /// <summary>The app's connection declared that it has not processed the request.</summary>
    public void RefuseDelivery() => Delivery = Delivery.Refused;

    /// <summary>The request is about to be forwarded, or forwarded again since the app did not get it.</summary>
    public void BeginDelivery()
    {
        Delivery = Delivery.Pending;
        _connected = false;
        Reservation?.Retract();
    }

    /// <summary>The outcome by the app's answer; None until that begins.</summary>
    public VisitOutcome Answer { get; set; }
}
