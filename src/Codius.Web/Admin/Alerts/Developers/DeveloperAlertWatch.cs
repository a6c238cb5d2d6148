using Codius.Web.Admin.Reading;
using Codius.Web.Apps;
using Codius.Web.Balances;
using Codius.Web.Hosting;
using Codius.Web.Hosting.Supervision;
using Microsoft.Extensions.Options;

namespace Codius.Web.Admin.Alerts.Developers;

/// <summary>
/// Checks the apps whose developers want alerts, twice a minute, and sends each alert when it begins and when it ends, once by all gateways
/// together. While the store is away nothing is known of balances, and nothing is sent.
/// </summary>
/// <remarks>
/// A developer chooses the webhook for the price of a deploy. So the apps are bounded, for the host and for each owner; those that have a
/// place keep it.
/// </remarks>
internal sealed class DeveloperAlertWatch(
    IAppCatalog catalog, IAppRunner runner, AccountReadings readings, AlertMarks marks, DeveloperAlertDelivery delivery, HostNames names,
    IOptions<AlertOptions> options, Supervisor supervisor, TimeProvider time)
    : SupervisedService(supervisor.Work("alerts of developers"))
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    /// <summary>Apps of one owner.</summary>
    public const int MostOfOwner = 20;

    private readonly WatchedConditions _watched = new();
    private readonly DeveloperConditions _conditions = new();
    private HashSet<string> _placed = new(StringComparer.Ordinal);

    /// <summary>Checks all apps once; called by one caller at a time.</summary>
    public async Task RoundAsync(CancellationToken cancellation)
    {
        var apps = Place();
        if (apps.Count == 0 && _watched.All.Count == 0) return;
        IReadOnlyList<AccountReading> read;
        try
        {
            read = await readings.ReadAsync([.. apps.Select(app => app.Account)], cancellation);
        }
        catch (LedgerUnavailableException)
        {
            return;
        }
        var now = time.GetUtcNow();
        var statuses = apps.Count == 0 ? [] : runner.Statuses.Where(status => _placed.Contains(status.App.Name))
            .GroupBy(status => status.App.Name, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.First(), StringComparer.Ordinal);
        for (var i = 0; i < apps.Count; i++)
        {
            var app = apps[i];
            _watched.See(
                _conditions.Check(app, read[i], statuses.GetValueOrDefault(app.Name), rule => _watched.IsAlert(rule, app.Name)), now);
        }
        var over = _watched.TakeOver(now);
        await new MarkedAlerts(marks, Send, withoutStore: false).SendAsync(_watched.All, over, now);
    }

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        using var timer = SharedTicks.Every(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await RoundAsync(stoppingToken);
            Work.Succeeded();
        }
    }

    private List<HostedApp> Place()
    {
        var ofOwner = new Dictionary<AccountId, int>();
        var placed = new List<HostedApp>();
        var most = options.Value.MostAppsOfDevelopers;
        if (most > 0)
        {
            // The owner alone knows the key of the signatures.
            var wanting = catalog.Current.Named.Where(app => app is { Alerts: not null, Owner: not null });
            foreach (var app in wanting.OrderByDescending(app => _placed.Contains(app.Name)))
            {
                if (placed.Count == most) break;
                var owner = app.Owner!.Value;
                if (ofOwner.GetValueOrDefault(owner) == MostOfOwner) continue;
                ofOwner[owner] = ofOwner.GetValueOrDefault(owner) + 1;
                placed.Add(app);
            }
        }
        _placed = placed.Select(app => app.Name).ToHashSet(StringComparer.Ordinal);
        _conditions.Keep(_placed);
        return placed;
    }

    // To where the app's developer wants it now: an app that is gone, or wants none any more, gets none.
    private AlertMessage Send(Alert alert, bool isEnd)
    {
        var now = time.GetUtcNow();
        var message = isEnd ? AlertMessage.Ended(alert, names.Origin, now) : AlertMessage.Began(alert, names.Origin, now);
        if (_placed.Contains(alert.Subject) && catalog.Current.TryFind(alert.Subject, out var app)) delivery.Send(app, message);
        return message;
    }
}
