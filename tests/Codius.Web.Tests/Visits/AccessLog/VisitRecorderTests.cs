using System.Diagnostics;
using Codius.Testing;
using Codius.Web.Hosting;
using Codius.Web.Hosting.Observability;
using Codius.Web.Visits.AccessLog;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Codius.Web.Tests.Visits.AccessLog;

/// <summary>Which visits are chosen to be traced and logged.</summary>
public sealed class VisitRecorderTests : IDisposable
{
    private const int Visits = 10_000;

    private readonly ActivityListener _listener = new()
    {
        ShouldListenTo = source => source.Name == Telemetry.Name,
        Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
    };

    public VisitRecorderTests() => ActivitySource.AddActivityListener(_listener);

    public void Dispose() => _listener.Dispose();

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.25, 0)]
    [InlineData(0, 0.02)]
    [InlineData(0.5, 0.1)]
    [InlineData(1, 0.3)]
    [InlineData(1, 1)]
    public void As_many_as_the_ratios_say_each_by_itself(double traced, double logged)
    {
        var (traces, lines, both) = Choose(traced, logged, new Random(1), "01");

        AssertNear(traced, traces);
        AssertNear(logged, lines);
        AssertNear(traced * logged, both);
    }

    [Fact]
    public void Whether_the_client_wants_a_trace_changes_nothing() =>
        Assert.Equal(Choose(0.2, 0, new Random(2), "00"), Choose(0.2, 0, new Random(2), "01"));

    // Of the same seed the same: an exact count, which is near what was asked for.
    private static void AssertNear(double ratio, int count) =>
        Assert.InRange(count, Visits * ratio * (ratio < 1 ? 0.85 : 1), Visits * ratio * (ratio < 1 ? 1.15 : 1));

    private static (int Traced, int Logged, int Both) Choose(double traced, double logged, Random chance, string flags)
    {
        var options = Options.Create(new AccessLogOptions { Ratio = logged });
        using var log = new AccessLogWriter(new AccessLogOutput(options), Supervised.By(TimeProvider.System));
        var recorder = new VisitRecorder(
            Options.Create(new TelemetryOptions { TraceRatio = traced }), options, log, TimeProvider.System)
        { Chance = chance };
        var (traces, lines, both) = (0, 0, 0);
        for (var visit = 0; visit < Visits; visit++)
        {
            // One trace for all of them: what the client names has no part in it.
            var context = new DefaultHttpContext { Request = { Method = "GET", Scheme = "http", Host = new HostString("a.test") } };
            context.Request.Headers.TraceParent = $"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-{flags}";
            var record = recorder.Begin(context, TimeProvider.System.GetTimestamp());
            record?.Current?.Dispose();
            record?.Trace?.Dispose();
            Assert.True(record is null || record.IsLogged || record.Trace is not null);
            if (record?.Trace is not null) traces++;
            if (record?.IsLogged == true) lines++;
            if (record is { Trace: not null, IsLogged: true }) both++;
        }
        return (traces, lines, both);
    }
}
