using Codius.Web.Balances;
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

    private readonly IAlertSource[] _sources = [.. sources];
    private readonly SupervisedWork[] _checks =
        [.. sources.Select(source => supervisor.Work($"alerts of {source.GetType().Name}"))];
    private readonly SupervisedWork _changes = supervisor.Work("changes of alerts");
    private readonly Dictionary<string, WatchedCondition> _watched = new(StringComparer.Ordinal);
    private volatile IReadOnlyList<Alert> _current = [];
    private long _checkedAt;

    public event Action? Changed;

    public IReadOnlyList<Alert> Current => _current;

    /// <summary>When all parts were last checked; null before the first time.</summary>
    public DateTimeOffset? CheckedAt =>
        Volatile.Read(ref _checkedAt) is > 0 and var at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null;

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
        Volatile.Write(ref _checkedAt, now.ToUnixTimeMilliseconds());
        if (options.Value.Webhooks.Count == 0) return;
        var isStoreAway = false;
        foreach (var condition in _watched.Values.Where(condition => condition.IsAlert))
            isStoreAway |= !await TrySendBeganAsync(condition, condition.LastSeen == now, isStoreAway);
        foreach (var condition in over.Where(condition => condition.IsAlert))
            isStoreAway |= !await TrySendEndedAsync(condition, isStoreAway);
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

    /// <summary>False if the store is away: the rest of the round does not wait for it again.</summary>
    private async Task<bool> TrySendBeganAsync(WatchedCondition condition, bool isSeen, bool isStoreAway)
    {
        if (!isStoreAway)
        {
            try
            {
                await MarkAsync(condition, isSeen);
                return true;
            }
            catch (LedgerUnavailableException)
            {
                // As below.
            }
        }
        // Its mark may run out before the store is back.
        condition.IsMarked = false;
        if (isSeen && condition.Message is null) SendBegan(condition);
        return false;
    }

    // What is not seen for a while keeps its mark, but gets none anew: another gateway may have ended it.
    private async Task MarkAsync(WatchedCondition condition, bool isSeen)
    {
        if (condition is { Message: { } sent, IsMarked: true })
        {
            if (await marks.TryRenewAsync(condition.Id, sent.IsDone) || !isSeen) return;
            // Another gateway has ended what is seen here: it began again.
            condition.Message = null;
        }
        if (!isSeen) return;
        if (condition.Message is { } unmarked) await marks.SetAsync(condition.Id, unmarked.IsDone);
        else if (await marks.TryClaimAsync(condition.Id)) SendBegan(condition);
        else return;
        condition.IsMarked = true;
    }

    private void SendBegan(WatchedCondition condition)
    {
        condition.Message = AlertMessage.Began(condition.Alert, names.Origin, time.GetUtcNow());
        delivery.Send(condition.Message);
    }

    private async Task<bool> TrySendEndedAsync(WatchedCondition condition, bool isStoreAway)
    {
        // Without a mark, the gateway that sent the beginning sends the end: no other may know of it.
        var (isOurs, isStoreThere) = (condition is { Message: not null, IsMarked: false }, !isStoreAway);
        try
        {
            // A crash after this line: that it ended is not sent. Its beginning would otherwise never be sent again.
            if (isStoreThere) isOurs |= await marks.TryEndAsync(condition.Id);
        }
        catch (LedgerUnavailableException)
        {
            isStoreThere = false;
        }
        isOurs |= !isStoreThere && condition.Message is not null;
        if (isOurs) delivery.Send(AlertMessage.Ended(condition.Alert, names.Origin, time.GetUtcNow()));
        return isStoreThere;
    }
}
