using System.Diagnostics.Metrics;
using Codius.Testing;
using Codius.Web.Hosting;
using Codius.Web.Hosting.Health;
using Codius.Web.Hosting.Supervision;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Codius.Web.Tests.Hosting.Supervision;

/// <summary>Background work that throws an unhandled exception.</summary>
public sealed class SupervisedWorkTests : IDisposable
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private readonly FakeTimeProvider _time = new();
    private readonly CapturedLog _log = new();
    private readonly LoggerFactory _logs;
    private readonly Supervisor _supervisor;
    private readonly CancellationTokenSource _end = new();

    public SupervisedWorkTests()
    {
        _logs = new LoggerFactory([_log]);
        _supervisor = new Supervisor(_time, _logs.CreateLogger<Supervisor>());
    }

    [Fact]
    public async Task A_loop_that_throws_is_begun_anew_after_a_while_that_grows_from_a_second_to_a_minute()
    {
        var begun = 0;
        var running = _supervisor.Work("loop").RunAsync(_ => throw new FormatException($"broken {++begun}"), _end.Token);

        foreach (var seconds in new[] { 1, 2, 4, 8, 16, 32, 60, 60 })
        {
            var before = begun;
            _time.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromTicks(1));
            Assert.Equal(before, begun);
            _time.Advance(TimeSpan.FromTicks(1));
            Assert.Equal(before + 1, begun);
        }

        await _end.CancelAsync();
        await running;
    }

    [Fact]
    public async Task Its_end_while_it_waits_or_runs_is_no_failure()
    {
        var running = _supervisor.Work("loop").RunAsync(end => Task.Delay(Timeout.InfiniteTimeSpan, _time, end), _end.Token);

        await _end.CancelAsync();
        await running;

        Assert.Null(Status.LastFailedAt);
    }

    [Fact]
    public async Task A_cancellation_that_nobody_asked_for_is_a_failure_like_any_other()
    {
        var begun = 0;
        await Advanced(_supervisor.Work("loop").RunAsync(
            _ => ++begun == 1 ? throw new TaskCanceledException("timed out") : Task.CompletedTask, _end.Token));

        Assert.Equal((2, 1L), (begun, Status.Failures));
    }

    [Fact]
    public async Task A_failure_is_logged_counted_and_shown_until_a_round_went_well()
    {
        var counted = 0L;
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Name == "codius.background.failures") self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) =>
        {
            if (tags.ToArray().Contains(new("work", "rounds of a test"))) counted += value;
        });
        listener.Start();
        var work = _supervisor.Work("rounds of a test");
        Assert.Equal((HealthStatus.Healthy, "All background work goes on."), await HealthAsync());

        Assert.False(await work.TryAsync(() => throw new KeyNotFoundException("no such app"), Stop));

        Assert.Equal((HealthStatus.Degraded, "Failing and tried again: rounds of a test."), await HealthAsync());
        var health = await new BackgroundHealth(_supervisor, _time).CheckHealthAsync(new HealthCheckContext(), Stop);
        Assert.Equal($"rounds of a test at {_time.GetUtcNow():u}: KeyNotFoundException: no such app", HealthResults.LastError(health.Data));
        Assert.Equal(_time.GetUtcNow(), HealthResults.Since(health.Data));
        Assert.Equal(1, counted);
        Assert.Contains(_log.Lines, line => line.StartsWith("Error: ", StringComparison.Ordinal)
            && line.Contains("rounds", StringComparison.Ordinal) && line.Contains("no such app", StringComparison.Ordinal));

        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.True(await work.TryAsync(() => Task.CompletedTask, Stop));

        Assert.Equal((HealthStatus.Healthy, "All background work goes on."), await HealthAsync());
        health = await new BackgroundHealth(_supervisor, _time).CheckHealthAsync(new HealthCheckContext(), Stop);
        Assert.Equal(_time.GetUtcNow(), HealthResults.Since(health.Data));
        Assert.EndsWith("no such app", HealthResults.LastError(health.Data), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_loop_that_says_nothing_of_its_rounds_is_well_once_it_has_run_for_a_minute()
    {
        var begun = 0;
        var running = _supervisor.Work("loop").RunAsync(
            end => ++begun == 1 ? throw new FormatException("broken") : Task.Delay(Timeout.InfiniteTimeSpan, _time, end), _end.Token);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(2, begun);
        Assert.True(Status.IsFailing);

        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.False(Status.IsFailing);
        await _end.CancelAsync();
        await running;
    }

    [Fact]
    public async Task Of_several_pieces_of_one_name_the_one_that_fails_shows()
    {
        var (well, broken) = (_supervisor.Work("watch"), _supervisor.Work("watch"));
        await broken.TryAsync(() => throw new FormatException("broken"), Stop);
        await well.TryAsync(() => Task.CompletedTask, Stop);
        Assert.True(Status.IsFailing);

        broken.Succeeded();

        Assert.False(Status.IsFailing);
    }

    [Fact]
    public void A_handler_that_throws_keeps_no_other_from_hearing_of_the_event()
    {
        var heard = new List<string>();
        Action<string>? handlers = name => heard.Add("first " + name);
        handlers += _ => throw new FormatException("broken");
        handlers += name => heard.Add("last " + name);

        _supervisor.Work("event").Raise(handlers, "app");

        Assert.Equal(["first app", "last app"], heard);
        Assert.True(Status.IsFailing);
    }

    [Fact]
    public async Task What_fails_at_each_of_many_events_does_not_fill_the_log()
    {
        var work = _supervisor.Work("event");
        for (var events = 0; events < 1000; events++) await work.TryAsync(() => throw new FormatException("broken"), Stop);

        Assert.Equal(1000, Status.Failures);
        Assert.Equal(10, _log.Lines.Count);
    }

    [Fact]
    public async Task A_service_whose_start_fails_still_keeps_the_gateway_from_starting()
    {
        using var service = new BrokenService(_supervisor);

        var refused = await Assert.ThrowsAsync<StartupFaultException>(() => ((IHostedService)service).StartAsync(CancellationToken.None));

        Assert.Equal(["The store is away."], refused.Faults);
    }

    public void Dispose()
    {
        _end.Dispose();
        _logs.Dispose();
        _log.Dispose();
    }

    private WorkStatus Status => Assert.Single(_supervisor.Records).Status;

    private async Task Advanced(Task running)
    {
        _time.Advance(TimeSpan.FromSeconds(1));
        await running;
    }

    private async Task<(HealthStatus Status, string? Summary)> HealthAsync()
    {
        var health = await new BackgroundHealth(_supervisor, _time).CheckHealthAsync(new HealthCheckContext(), Stop);
        return (health.Status, health.Description);
    }

    private sealed class BrokenService(Supervisor supervisor) : SupervisedService(supervisor.Work("broken"))
    {
        public override Task StartAsync(CancellationToken cancellationToken) => throw new StartupFaultException("The store is away.");

        protected override Task RunAsync(CancellationToken stoppingToken) => Task.CompletedTask;
    }
}
