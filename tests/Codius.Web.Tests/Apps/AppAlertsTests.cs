using Codius.Testing;
using Codius.Web.Apps;
using Codius.Web.Tests.Hosting.Observability;
using Microsoft.Extensions.Time.Testing;

namespace Codius.Web.Tests.Apps;

/// <summary>Which of many apps that fail to start have alerts of their own.</summary>
public sealed class AppAlertsTests
{
    private const int Named = 20;

    private readonly FakeTimeProvider _time = new();
    private readonly StatusesAlone _apps = new();
    private readonly StartHistory _history;
    private readonly AppAlerts _alerts;

    public AppAlertsTests()
    {
        _history = new StartHistory(_time);
        _alerts = new AppAlerts(new FakeApps(), _apps, _history);
    }

    [Fact]
    public void An_app_that_failed_three_times_in_a_row_has_one()
    {
        Fail("twice", times: 2);
        Fail("often");

        var condition = Assert.Single(_alerts.Check());
        Assert.Equal(("often", "App often failed to start 3 times in a row: It ended."), (condition.Subject, condition.Summary));
    }

    [Fact]
    public void Of_many_those_that_failed_first_are_named_and_the_rest_is_counted()
    {
        for (var at = 0; at < Named + 5; at++) Fail($"app{at:00}");

        var conditions = _alerts.Check().ToList();

        Assert.Equal([.. Enumerable.Range(0, Named).Select(at => $"app{at:00}"), ""], conditions.Select(condition => condition.Subject));
        Assert.Equal("5 more apps fail to start again and again.", conditions[^1].Summary);
    }

    [Fact]
    public void No_new_failure_displaces_one_that_is_named_not_even_while_that_is_tried_again()
    {
        for (var at = 0; at < Named; at++) Fail($"app{at:00}");
        var named = Subjects();

        Fail("late");
        Fail("app03");
        Assert.Equal([.. named, ""], Subjects().Order().OrderBy(name => name.Length == 0));
        _apps.Set("app05", AppState.Waking, _time.GetUtcNow());
        Assert.DoesNotContain("late", Subjects());
        Fail("app05");
        Assert.Equal([.. named, ""], Subjects().Order().OrderBy(name => name.Length == 0));
    }

    [Fact]
    public void One_that_starts_at_last_makes_room_for_another()
    {
        for (var at = 0; at < Named; at++) Fail($"app{at:00}");
        Subjects();
        Fail("late");
        _history.Succeeded(StatusesAlone.HashOf("app07"));

        Assert.Equal(["late"], Subjects().Except(Enumerable.Range(0, Named).Select(at => $"app{at:00}")));
    }

    [Fact]
    public void The_gauge_counts_all_of_them_whether_they_are_named_or_not()
    {
        for (var at = 0; at < Named + 5; at++) Fail($"app{at:00}");
        Fail("twice", times: 2);
        _apps.Set("app03", AppState.Waking, _time.GetUtcNow());

        Assert.Contains(("codius.apps.failing", Named + 4L), Measured.By(_alerts));
    }

    private List<string> Subjects() => [.. _alerts.Check().Select(condition => condition.Subject)];

    private void Fail(string name, int times = 3)
    {
        _time.Advance(TimeSpan.FromSeconds(1));
        var failure = new AppState.Failed("It ended.");
        for (var failed = 0; failed < times; failed++) _history.Failed(StatusesAlone.HashOf(name), failure);
        _apps.Set(name, failure, _time.GetUtcNow());
    }

    private sealed class StatusesAlone : IAppRunner
    {
        private readonly Dictionary<string, AppStatus> _statuses = new(StringComparer.Ordinal);

        public event Action<string>? StateChanged
        {
            add { }
            remove { }
        }

        public IReadOnlyCollection<AppStatus> Statuses => _statuses.Values;

        public static string HashOf(string name) => $"hash of {name}";

        public void Set(string name, AppState state, DateTimeOffset since) => _statuses[name] =
            new AppStatus(new HostedApp(name, HashOf(name), "an image"), state, since, (state as AppState.Failed)?.Reason);

        public AppState StateOf(HostedApp app) => throw new NotSupportedException();

        public AppState Wake(HostedApp app) => throw new NotSupportedException();

        public Task<AppState> WhenReadyOrFailedAsync(HostedApp app, CancellationToken cancellation) => throw new NotSupportedException();

        public Task SleepAsync(HostedApp app, TimeSpan grace, CancellationToken cancellation) => throw new NotSupportedException();

        public void ReportUnreachable(HostedApp app, AppState.Awake state) => throw new NotSupportedException();
    }
}
