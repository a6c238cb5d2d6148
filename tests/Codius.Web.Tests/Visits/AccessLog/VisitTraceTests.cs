using System.Collections.Concurrent;
using System.Diagnostics;
using Codius.Testing;
using Codius.Web.Hosting;
using Microsoft.AspNetCore.Http;

namespace Codius.Web.Tests.Visits.AccessLog;

/// <summary>The spans of a visit, and the trace context that its app gets.</summary>
public sealed class VisitTraceTests
{
    private const string Parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    private static CancellationToken Stop => VisitFixture.Cancellation;

    [Fact]
    public async Task A_traced_visit_has_a_span_for_each_step_and_the_app_goes_on_with_it()
    {
        var spans = new ConcurrentQueue<Activity>();
        using var listener = Listen(spans);
        await using var fixture = await VisitFixture.StartAsync(EchoAsync, settings: ["Telemetry:TraceRatio=1"]);
        fixture.Apps.Set("hello", fixture.Address);

        var seen = await GetAsync(fixture, Parent, "vendor=1");

        bool IsOurs(Activity span) => span.TraceId.ToHexString() == Parent.Split('-')[1];
        await Eventually.TrueAsync("the visit's span has ended", () => spans.Any(span => IsOurs(span) && span.Kind == ActivityKind.Server));
        var ours = spans.Where(IsOurs).ToArray();
        var visit = ours.Single(span => span.Kind == ActivityKind.Server);
        Assert.Equal("b7ad6b7169203331", visit.ParentSpanId.ToHexString());
        Assert.Equal(["arrival", "charging", "cold start", "forwarding"],
            ours.Where(span => span != visit).OrderBy(span => span.StartTimeUtc).Select(span => span.OperationName));
        Assert.All(ours.Where(span => span != visit), span => Assert.Equal(visit.SpanId, span.ParentSpanId));
        var forwarding = ours.Single(span => span.OperationName == "forwarding");
        Assert.Equal($"00-{visit.TraceId}-{forwarding.SpanId}-01|vendor=1", seen);
        Assert.Equal(("hello", "answered", true, 200), (visit.GetTagItem("codius.app"), visit.GetTagItem("codius.outcome"),
            visit.GetTagItem("codius.charged"), visit.GetTagItem("http.response.status_code")));
        Assert.DoesNotContain(visit.TagObjects, tag => tag.Value is string text && text.Contains("secret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_tracing_the_clients_headers_pass_as_they_came_and_no_span_is_made()
    {
        await using var fixture = await VisitFixture.StartAsync(EchoAsync);
        fixture.Apps.Set("hello", fixture.Address);

        Assert.Equal($"{Parent}|vendor=1", await GetAsync(fixture, Parent, "vendor=1"));
        Assert.Equal("|", await GetAsync(fixture, null, null));
    }

    [Theory]
    [InlineData("00-xyz")]
    [InlineData("00-00000000000000000000000000000000-0000000000000000-01")]
    public async Task A_malformed_parent_is_none(string parent)
    {
        await using var fixture = await VisitFixture.StartAsync(EchoAsync, settings: ["Telemetry:TraceRatio=1"]);
        fixture.Apps.Set("hello", fixture.Address);

        Assert.Matches(@"^00-[0-9a-f]{32}-[0-9a-f]{16}-01\|$", await GetAsync(fixture, parent, null));
    }

    private static Task EchoAsync(HttpContext context) =>
        context.Response.WriteAsync($"{context.Request.Headers.TraceParent}|{context.Request.Headers.TraceState}");

    private static async Task<string> GetAsync(VisitFixture fixture, string? parent, string? state)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, GatewayUnderTest.UrlOf("hello") + "path?secret=1");
        if (parent is not null) request.Headers.TryAddWithoutValidation("traceparent", parent);
        if (state is not null) request.Headers.TryAddWithoutValidation("tracestate", state);
        // The client of the test adds no trace of its own.
        using var invoker = new HttpMessageInvoker(NoTracing(GatewayUnderTest.Handler(fixture.Gateway.Port)));
        using var answer = await invoker.SendAsync(request, Stop);
        return await answer.Content.ReadAsStringAsync(Stop);
    }

    private static SocketsHttpHandler NoTracing(SocketsHttpHandler handler)
    {
        handler.ActivityHeadersPropagator = null;
        return handler;
    }

    private static ActivityListener Listen(ConcurrentQueue<Activity> spans)
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == Telemetry.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }
}
