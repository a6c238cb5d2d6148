using System.Diagnostics;
using Codius.Web.Hosting;

namespace Codius.Web.Visits.AccessLog;

/// <summary>What is noted of one visit for the access log and its trace, step by step; most visits have none.</summary>
/// <param name="arrivedAt">Timestamp of the visit's arrival.</param>
/// <param name="isLogged">True if a line of the access log is written.</param>
/// <param name="trace">The visit's span, which ends with it; null if it is not traced.</param>
/// <param name="time">The clock.</param>
internal sealed class VisitRecord(long arrivedAt, bool isLogged, Activity? trace, TimeProvider time)
{
    private static readonly string[] Names = ["arrival", "charging", "cold start", "forwarding"];

    private readonly TimeSpan[] _taken = new TimeSpan[Names.Length];
    private VisitStep _step;
    private long _since = arrivedAt;
    private Activity? _span = Span(trace, VisitStep.Arrival);

    public bool IsLogged { get; } = isLogged;

    /// <summary>The visit's span; null if it is not traced.</summary>
    public Activity? Trace { get; } = trace;

    /// <summary>The span of the step that is taken now.</summary>
    public Activity? Current => _span ?? Trace;

    /// <summary>Units that the visit costs if it is charged.</summary>
    public ulong Price { get; set; }

    /// <summary>True if the visit waited for its app, or was shown that it wakes.</summary>
    public bool IsCold { get; set; }

    /// <summary>Bytes of the answer's body as they came from the app; null if none came.</summary>
    public long? Bytes { get; set; }

    public TimeSpan Total { get; private set; }

    /// <summary>The time that a step took, all its turns together.</summary>
    public TimeSpan Of(VisitStep step) => _taken[(int)step];

    /// <summary>A step begins, and the one before it has ended.</summary>
    public void Begin(VisitStep step)
    {
        EndStep();
        _step = step;
        _span = Span(Trace, step);
    }

    /// <summary>The visit has ended, with its outcome and status.</summary>
    public void End(Visit visit)
    {
        EndStep();
        Total = time.GetElapsedTime(visit.ArrivedAt);
        if (Trace is not { } trace) return;
        var status = VisitLine.StatusOf(visit);
        trace.SetTag("codius.app", VisitLine.AppOf(visit));
        trace.SetTag("codius.outcome", VisitMetrics.NameOf(visit.Outcome));
        trace.SetTag("codius.charged", visit.Charged);
        trace.SetTag("http.response.status_code", status);
        if (status >= StatusCodes.Status500InternalServerError) trace.SetStatus(ActivityStatusCode.Error);
        trace.Dispose();
    }

    private void EndStep()
    {
        var now = time.GetTimestamp();
        _taken[(int)_step] += time.GetElapsedTime(_since, now);
        _since = now;
        _span?.Dispose();
        _span = null;
    }

    private static Activity? Span(Activity? trace, VisitStep step) => trace is null ? null : Telemetry.Source.StartActivity(
        Names[(int)step], step == VisitStep.Forwarding ? ActivityKind.Client : ActivityKind.Internal, trace.Context);
}
