using Codius.Web.Balances.Storage;
using Codius.Web.Hosting;
using Codius.Web.Hosting.Alerting;
using Codius.Web.Hosting.Supervision;
using Microsoft.Extensions.Options;

namespace Codius.Web.Admin.Alerts;

/// <summary>
/// Checks every part for what is wrong, four times a minute; what lasts becomes an alert and is sent, once by all gateways together. What
/// the host's owner was told before a gateway started, or by one that has ended, goes on here until it is over.
/// </summary>
internal sealed class AlertWatch : SupervisedService, IAlerts
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    /// <summary>Conditions that are watched at a time; the parts bound theirs below that.</summary>
    private const int Most = 500;

    /// <summary>Those that have ended and are remembered.</summary>
    private const int MostPast = 100;

    /// <summary>How often it is read what no gateway sees any more.</summary>
    private static readonly TimeSpan AdoptEvery = TimeSpan.FromMinutes(1);

    private readonly IAlertSource[] _sources;
    private readonly SupervisedWork[] _checks;
    private readonly SupervisedWork _changes;
    private readonly AlertMarks _marks;
    private readonly ToldAlerts _told;
    private readonly AlertDelivery _delivery;
    private readonly MarkedAlerts _marked;
    private readonly bool _hasWebhooks;
    private readonly TimeProvider _time;
    private readonly WatchedConditions _watched = new(Most);
    private volatile IReadOnlyList<Alert> _current = [];
    private long _checkedAt;
    private volatile IReadOnlyList<EndedAlert> _past = [];
    private DateTimeOffset _adoptedAt = DateTimeOffset.MinValue;

    public AlertWatch(
        IEnumerable<IAlertSource> sources, AlertMarks marks, ToldAlerts told, AlertDelivery delivery, HostNames names,
        IOptions<AlertOptions> options, Supervisor supervisor, TimeProvider time)
        : base(supervisor.Work("alerts"))
    {
        _sources = [.. sources];
        _checks = [.. _sources.Select(source => supervisor.Work($"alerts of {source.GetType().Name}"))];
        _changes = supervisor.Work("changes of alerts");
        (_marks, _told, _delivery, _time) = (marks, told, delivery, time);
        _hasWebhooks = options.Value.Webhooks.Count > 0;
        _marked = new MarkedAlerts(marks, delivery.Held, Make, (_, message) => delivery.Send(message), told);

        AlertMessage Make(Alert alert, bool isEnd)
        {
            var now = time.GetUtcNow();
            var message = isEnd ? AlertMessage.Ended(alert, names.Origin, now) : AlertMessage.Began(alert, names.Origin, now);
            message.SendTo(delivery.Webhooks);
            return message;
        }
    }

    public event Action? Changed;

    public IReadOnlyList<Alert> Current => _current;

    /// <summary>When all parts were last checked; null before the first time.</summary>
    public DateTimeOffset? CheckedAt =>
        Volatile.Read(ref _checkedAt) is > 0 and var at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null;

    public IReadOnlyList<EndedAlert> Past => _past;

    /// <summary>Checks all parts once; called by one caller at a time.</summary>
    public async Task RoundAsync()
    {
        var now = _time.GetUtcNow();
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
        if (!_hasWebhooks || !await _marked.SendAsync(_watched.All, over, now)) return;
        // While the store is away the next round does it.
        await StoreTrouble.TryAsync(async () =>
        {
            await _delivery.KeepAsync();
            await AdoptAsync(now);
        });
    }

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        using var timer = SharedTicks.Every(Interval, _time);
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

    /// <summary>Goes on with what the host's owner was told and no gateway sees: it ends here unless it is seen again.</summary>
    private async Task AdoptAsync(DateTimeOffset now)
    {
        if (now - _adoptedAt < AdoptEvery) return;
        var unseen = await _told.ReadUnseenAsync(now - WatchedCondition.Lasting);
        var marked = await _marks.ReadAsync(unseen.Select(told => told.Alert.Id));
        foreach (var (alert, lastSeen) in unseen.Where((_, at) => marked[at] is not null))
        {
            var rule = new AlertRule(alert.Rule, TimeSpan.Zero, alert.WhatToDo);
            _watched.Adopt(
                new AlertCondition(rule, alert.Severity, alert.Subject, alert.Summary), alert.Since, lastSeen, now);
        }
        string[] gone = [.. unseen.Where((_, at) => marked[at] is null).Select(told => told.Alert.Id)];
        if (gone.Length > 0) await _told.ForgetAsync(gone);
        _adoptedAt = now;
    }
}
