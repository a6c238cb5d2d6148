using Codius.Web.Balances;
using Codius.Web.Hosting;
using Codius.Web.Hosting.Alerting;
using Codius.Web.Hosting.Supervision;
using Microsoft.Extensions.Options;

namespace Codius.Web.Admin.Alerts;

/// <summary>Checks every part for what is wrong, four times a minute; what lasts becomes an alert and is sent, once by all gateways.</summary>
internal sealed class AlertWatch(
    IEnumerable<IAlertSource> sources, AlertMarks marks, AlertDelivery delivery, HostNames names, IOptions<AlertOptions> options,
    Supervisor supervisor, TimeProvider time)
    : SupervisedService(supervisor.Work("alerts")), IAlerts
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    /// <summary>Conditions that are watched at a time; the parts bound theirs below that.</summary>
    private const int Most = 500;

    private readonly IAlertSource[] _sources = [.. sources];
    private readonly SupervisedWork[] _checks =
        [.. sources.Select(source => supervisor.Work($"alerts of {source.GetType().Name}"))];
    private readonly SupervisedWork _changes = supervisor.Work("changes of alerts");
    private readonly Dictionary<string, WatchedCondition> _watched = new(StringComparer.Ordinal);
    private volatile IReadOnlyList<Alert> _current = [];

    public event Action? Changed;

    public IReadOnlyList<Alert> Current => _current;

    /// <summary>Checks all parts once; called by one caller at a time.</summary>
    public async Task RoundAsync()
    {
        var now = time.GetUtcNow();
        for (var at = 0; at < _sources.Length; at++)
        {
            var source = _sources[at];
            _checks[at].Try(() => See(source.Check(), now));
        }
        var over = _watched.Values.Where(condition => condition.IsOver(now)).ToList();
        foreach (var condition in over) _watched.Remove(condition.Id);
        Publish();
        if (options.Value.Webhooks.Count == 0) return;
        foreach (var condition in _watched.Values.Where(condition => condition.IsAlert)) await SendBeganAsync(condition);
        foreach (var condition in over.Where(condition => condition.IsAlert)) await SendEndedAsync(condition);
    }

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            await RoundAsync();
            Work.Succeeded();
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private void See(IEnumerable<AlertCondition> conditions, DateTimeOffset now)
    {
        foreach (var condition in conditions)
        {
            var id = WatchedCondition.IdOf(condition);
            if (!_watched.TryGetValue(id, out var watched))
            {
                if (_watched.Count >= Most) return;
                _watched[id] = watched = new WatchedCondition(condition, now);
            }
            watched.See(condition, now);
        }
    }

    private void Publish()
    {
        Alert[] now =
        [
            .. _watched.Values.Where(condition => condition.IsAlert).Select(condition => condition.Alert)
                .OrderByDescending(alert => alert.Severity).ThenByDescending(alert => alert.Since).ThenBy(alert => alert.Id),
        ];
        if (now.SequenceEqual(_current)) return;
        _current = now;
        _changes.Raise(Changed);
    }

    private async Task SendBeganAsync(WatchedCondition condition)
    {
        try
        {
            if (condition.Message is { } sent) await marks.RenewAsync(condition.Id, sent.IsDone);
            else if (await marks.TryClaimAsync(condition.Id)) SendBegan(condition);
        }
        catch (LedgerUnavailableException)
        {
            if (condition.Message is null) SendBegan(condition);
        }
    }

    private void SendBegan(WatchedCondition condition)
    {
        condition.Message = AlertMessage.Began(condition.Alert, names.Origin, time.GetUtcNow());
        delivery.Send(condition.Message);
    }

    private async Task SendEndedAsync(WatchedCondition condition)
    {
        try
        {
            // A crash after this line: that it ended is not sent. Its beginning would otherwise never be sent again.
            if (!await marks.TryEndAsync(condition.Id)) return;
        }
        catch (LedgerUnavailableException)
        {
            if (condition.Message is null) return;
        }
        delivery.Send(AlertMessage.Ended(condition.Alert, names.Origin, time.GetUtcNow()));
    }
}
