using Codius.Web.Admin.Reading;
using Codius.Web.Apps;
using Codius.Web.Balances;
using Codius.Web.Balances.Storage;
using Codius.Web.Hosting;
using Codius.Web.Hosting.Supervision;
using Microsoft.Extensions.Options;

namespace Codius.Web.Admin.Alerts.Developers;

/// <summary>
/// Checks the apps whose developers want alerts, twice a minute, and sends each alert when it begins and when it ends, once by all gateways
/// together, and by one that starts anew. While the store is away nothing is known of balances, and nothing is sent.
/// </summary>
/// <remarks>
/// A developer chooses the webhook for the price of a deploy. So the apps are bounded, for the host and for each owner; those that have a
/// place keep it.
/// </remarks>
internal sealed class DeveloperAlertWatch : SupervisedService
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    /// <summary>Apps whose marks are read at a time.</summary>
    private const int AtOnce = 100;

    private readonly IAppCatalog _catalog;
    private readonly IAppRunner _runner;
    private readonly AccountReadings _readings;
    private readonly AlertMarks _marks;
    private readonly DeveloperAlertDelivery _delivery;
    private readonly HostNames _names;
    private readonly TimeProvider _time;
    private readonly MarkedAlerts _marked;
    private readonly WatchedConditions _watched = new();
    private readonly DeveloperConditions _conditions = new();
    private readonly PlacedApps _placed;

    // Those whose marks were read.
    private readonly HashSet<string> _resumed = new(StringComparer.Ordinal);

    public DeveloperAlertWatch(
        IAppCatalog catalog, IAppRunner runner, AccountReadings readings, AlertMarks marks, AlertPlaces places,
        DeveloperAlertDelivery delivery, HostNames names, IOptions<AlertOptions> options, Supervisor supervisor, TimeProvider time)
        : base(supervisor.Work("alerts of developers"))
    {
        (_catalog, _runner, _readings, _marks, _delivery) = (catalog, runner, readings, marks, delivery);
        (_names, _time) = (names, time);
        _placed = new PlacedApps(catalog, places, options.Value.MostAppsOfDevelopers, time);
        _marked = new MarkedAlerts(marks, delivery.Held, Make, Deliver);
    }

    /// <summary>Checks all apps once; called by one caller at a time.</summary>
    public async Task RoundAsync(CancellationToken cancellation)
    {
        List<HostedApp> apps;
        IReadOnlyList<AccountReading> read;
        try
        {
            apps = await _placed.ReadAsync();
            _conditions.Keep(_placed.Names);
            if (apps.Count == 0 && _watched.All.Count == 0 && _delivery.Held.IsEmpty) return;
            await ResumeAsync(apps);
            read = await _readings.ReadAsync([.. apps.Select(app => app.Account)], cancellation);
        }
        catch (LedgerUnavailableException)
        {
            return;
        }
        var now = _time.GetUtcNow();
        var statuses = apps.Count == 0 ? [] : _runner.Statuses.Where(status => _placed.Names.Contains(status.App.Name))
            .GroupBy(status => status.App.Name, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.First(), StringComparer.Ordinal);
        for (var i = 0; i < apps.Count; i++)
        {
            var app = apps[i];
            _watched.See(
                _conditions.Check(app, read[i], statuses.GetValueOrDefault(app.Name), rule => _watched.IsAlert(rule, app.Name)), now);
        }
        var over = _watched.TakeOver(now);
        if (!await _marked.SendAsync(_watched.All, over, now)) return;
        // While the store is away the next round does it. A catalog that is empty has perhaps not been read yet.
        await StoreTrouble.TryAsync(() => _delivery.KeepAsync(Find, takes: _catalog.Current.Count > 0));
    }

    /// <summary>Marks what was taken since the last round as sent: the gateway that follows would send it again.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await _marked.SendAsync(_watched.All, [], DateTimeOffset.MinValue);
    }

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        using var timer = SharedTicks.Every(Interval, _time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await RoundAsync(stoppingToken);
            Work.Succeeded();
        }
    }

    /// <summary>Goes on with the alerts of apps that are new here, and that a gateway has sent, or sends, already.</summary>
    private async Task ResumeAsync(List<HostedApp> apps)
    {
        _resumed.IntersectWith(_placed.Names);
        foreach (var some in apps.Where(app => !_resumed.Contains(app.Name)).Chunk(AtOnce).ToList())
        {
            var alerts = some.SelectMany(app => DeveloperConditions.Rules.Select(rule => (App: app, Rule: rule))).ToList();
            var known = await _marks.ReadAsync(alerts.Select(alert => WatchedCondition.IdOf(alert.Rule, alert.App.Name)));
            var now = _time.GetUtcNow();
            foreach (var ((app, rule), memory) in alerts.Zip(known))
            {
                if (memory is not null) _watched.Adopt(_conditions.Resume(rule, app, memory), now);
            }
            _resumed.UnionWith(some.Select(app => app.Name));
        }
    }

    // To where the app's developer wants it now: an app that is gone, or wants none any more, gets none.
    private AlertMessage Make(Alert alert, bool isEnd)
    {
        var now = _time.GetUtcNow();
        var message = isEnd ? AlertMessage.Ended(alert, _names.Origin, now) : AlertMessage.Began(alert, _names.Origin, now);
        if (Find(alert.Subject) is not null) message.SendTo([alert.Subject]);
        return message;
    }

    private void Deliver(Alert alert, AlertMessage message)
    {
        if (Find(alert.Subject) is { } app) _delivery.Send(app, message);
        else message.SendTo([]);
    }

    private HostedApp? Find(string name) => _placed.Names.Contains(name) && _catalog.Current.TryFind(name, out var app) ? app : null;
}
