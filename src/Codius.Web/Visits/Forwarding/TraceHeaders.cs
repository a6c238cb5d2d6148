using System.Diagnostics;

namespace Codius.Web.Visits.Forwarding;

/// <summary>
/// Gives the app the trace context (W3C) of the span in which it is called. Without a trace the client's own headers are forwarded as they
/// came.
/// </summary>
internal static class TraceHeaders
{
    private const string TraceParent = "traceparent";
    private const string TraceState = "tracestate";

    public static void Replace(Activity span, HttpRequestMessage request)
    {
        request.Headers.Remove(TraceParent);
        request.Headers.Remove(TraceState);
        request.Headers.TryAddWithoutValidation(TraceParent, span.Id);
        if (!string.IsNullOrEmpty(span.TraceStateString)) request.Headers.TryAddWithoutValidation(TraceState, span.TraceStateString);
    }
}
