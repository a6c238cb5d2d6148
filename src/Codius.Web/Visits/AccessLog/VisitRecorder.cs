using System.Diagnostics;
using Codius.Web.Hosting;
using Codius.Web.Hosting.Observability;
using Microsoft.Extensions.Options;

namespace Codius.Web.Visits.AccessLog;

/// <summary>Chooses by chance which visits are traced and which are written to the access log; the others get no record.</summary>
internal sealed class VisitRecorder(
    IOptions<TelemetryOptions> telemetry, IOptions<AccessLogOptions> options, AccessLogWriter log, TimeProvider time)
{
    private readonly double _traced = telemetry.Value.TraceRatio;
    private readonly double _logged = options.Value.Ratio;

    /// <summary>Replaced in tests.</summary>
    public Random Chance { get; init; } = Random.Shared;

    /// <summary>A record for the visit; null if it is neither traced nor logged.</summary>
    public VisitRecord? Begin(HttpContext context, long arrivedAt) =>
        _traced > 0 || _logged > 0 ? BeginChosen(context, arrivedAt) : null;

    /// <summary>The visit has ended.</summary>
    public void End(Visit visit, VisitRecord record)
    {
        record.End(visit);
        if (record.IsLogged) log.Write(VisitLine.Of(visit, record, options.Value, time.GetUtcNow()));
    }

    private VisitRecord? BeginChosen(HttpContext context, long arrivedAt)
    {
        var isLogged = IsChosen(_logged);
        // Neither by what the client's traceparent wants nor by its trace id: anyone could have all of his visits traced.
        var trace = IsChosen(_traced) ? StartTrace(context.Request) : null;
        return isLogged || trace is not null ? new VisitRecord(arrivedAt, isLogged, trace, time) : null;
    }

    private static Activity? StartTrace(HttpRequest request)
    {
        // A trace that the client began goes on; what is malformed is none.
        ActivityContext.TryParse(request.Headers.TraceParent, request.Headers.TraceState, isRemote: true, out var parent);
        var trace = Telemetry.Source.StartActivity(request.Method, ActivityKind.Server, parent);
        if (trace is null) return null;
        trace.SetTag("http.request.method", request.Method);
        trace.SetTag("url.scheme", request.Scheme);
        trace.SetTag("server.address", request.Host.Host);
        return trace;
    }

    private bool IsChosen(double ratio) => ratio > 0 && (ratio >= 1 || Chance.NextDouble() < ratio);
}
