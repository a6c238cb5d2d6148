using Codius.Web.Hosting;
using Codius.Web.Hosting.Alerting;
using Codius.Web.Hosting.Supervision;
using Microsoft.Extensions.Options;

namespace Codius.Web.Admin.Alerts;

/// <summary>
/// Checks every part for what is wrong, four times a minute; what lasts becomes an alert and is sent, once by all gateways together.
/// </summary>
internal sealed class AlertWatch(
    IEnumerable<IAlertSource> sources, AlertMarks marks, AlertDelivery delivery, HostNames names, IOptions<AlertOptions> options,
    Supervisor supervisor, TimeProvider time)
    : SupervisedService(supervisor.Work("alerts")), IAlerts
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    /// <summary>Conditions that are watched at a time; the parts bound theirs below that.</summary>
    private const int Most = 500;

    /// <summary>Those that have ended and are remembered.</summary>
    private const int MostPast = 100;

    private readonly IAlertSource[] _sources = [.. sources];
    private readonly SupervisedWork[] _checks =
        [.. sources.Select(source => supervisor.Work($"alerts of {source.GetType().Name}"))];
    private readonly SupervisedWork _changes = supervisor.Work("changes of alerts");
    private readonly WatchedConditions _watched = new(Most);
    private volatile IReadOnlyList<Alert> _current = [];
    private long _checkedAt;
    private volatile IReadOnlyList<EndedAlert> _past = [];

    public event Action? Changed;

    public IReadOnlyList<Alert> Current => _current;

    /// <summary>When all parts were last checked; null before the first time.</summary>
    public DateTimeOffset? CheckedAt =>
        Volatile.Read(ref _checkedAt) is > 0 and var at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null;

    public IReadOnlyList<EndedAlert> Past => _past;

    /// <summary>Checks all parts once; called by one caller at a time.</summary>
    public async Task RoundAsync()
    {
        var now = time.GetUtcNow();
        for (var at = 0; at < _sources.Length; at++)
        {
            var source = _sources[at];
            _checks[at].Try(() => _watched.See(source.Check(), now));
        }
        var over = _watched.TakeOver(now);
        foreach (var condition in over.Where(condition => condition.IsAlert))
            _past = [.. _past.Prepend(new EndedAlert(condition.Alert, condition.LastSeen)).Take(MostPast)];
        Publish();
        Volatile.Write(ref _checkedAt, now.ToUnixTimeMilliseconds());
        if (options.Value.Webhooks.Count == 0) return;
        await new MarkedAlerts(marks, Send, withoutStore: true).SendAsync(_watched.All, over, now);
    }

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        using var timer = SharedTicks.Every(Interval, time);
        do
        {
            await RoundAsync();
            Work.Succeeded();
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private void Publish()
    {
        Alert[] now =
        [
            .. _watched.All.Where(condition => condition.IsAlert).Select(condition => condition.Alert)
                .OrderByDescending(alert => alert.Severity).ThenByDescending(alert => alert.Since).ThenBy(alert => alert.Id),
        ];
        if (now.SequenceEqual(_current)) return;
        _current = now;
        _changes.Raise(Changed);
    }

    private AlertMessage Send(Alert alert, bool isEnd)
    {
        var message = isEnd
            ? AlertMessage.Ended(alert, names.Origin, time.GetUtcNow())
            : AlertMessage.Began(alert, names.Origin, time.GetUtcNow());
        delivery.Send(message);
        return message;
    }
}
