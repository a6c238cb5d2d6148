using Codius.Testing.Pages;
using Codius.Testing.Stores;
using Codius.Web.Admin.Alerts;
using Codius.Web.Admin.Alerts.Developers;
using Codius.Web.Admin.Reading;
using Codius.Web.Apps;
using Codius.Web.Balances;
using Codius.Web.Hosting;
using Codius.Web.Hosting.Secrets;
using Codius.Web.Hosting.Supervision;
using Codius.Web.Tests.Admin.Api;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Codius.Web.Tests.Admin.Alerts.Developers;

/// <summary>
/// The developers' alerts of one gateway, with a real store for the marks and real webhooks; the test sets apps, money and clock.
/// </summary>
internal sealed class DeveloperBench : IAppCatalog, IAppRunner, IAsyncDisposable
{
    private readonly Dictionary<string, AppStatus> _statuses = new(StringComparer.Ordinal);
    private readonly WebhookClient _client;
    private readonly AccountReadings _readings;
    private readonly DeveloperAlertWatch _watch;

    public DeveloperBench(
        LedgerStore store, FakeTimeProvider time, bool insecure = true, int mostApps = 1_000, HostSecrets? secrets = null,
        string? places = null, string? messages = null)
    {
        Time = time;
        Keys = new AppAlertKeys(secrets ?? new HostSecrets(new HostSecret(new byte[32]), []));
        _client = new WebhookClient(insecure, TimeSpan.FromSeconds(30), time);
        var supervisor = new Supervisor(time, NullLogger<Supervisor>.Instance);
        var held = new HeldMessages(
            new StoredMessages(
                store.Store, BalanceKeys.AlertMessages(messages ?? $"{Guid.NewGuid():n}"), mostApps * DeveloperAlertDelivery.MostWaiting),
            time);
        Delivery = new DeveloperAlertDelivery(_client, held, Keys, supervisor, time, NullLogger<DeveloperAlertDelivery>.Instance);
        _readings = new AccountReadings(this, Money, Books, time);
        _watch = new DeveloperAlertWatch(
            this, this, _readings, new AlertMarks(store.Store),
            new AlertPlaces(store.Store, places ?? $"codius:alert-places:{Guid.NewGuid():n}"), Delivery,
            new HostNames(Options.Create(new HostOptions { PublicUrl = new Uri("https://codius.test") })),
            Options.Create(new AlertOptions { MostAppsOfDevelopers = mostApps }), supervisor, time);
    }

    public event Action? Changed
    {
        add { }
        remove { }
    }

    public event Action<string>? StateChanged
    {
        add { }
        remove { }
    }

    public FakeTimeProvider Time { get; }

    public AppAlertKeys Keys { get; }

    public DeveloperAlertDelivery Delivery { get; }

    public StagedBalances Money { get; } = new();

    public StagedBooks Books { get; } = new();

    public AppSnapshot Current { get; private set; } = AppSnapshot.Empty;

    public IReadOnlyCollection<AppStatus> Statuses => _statuses.Values;

    public static AccountId OwnerOf(string token) => AccountId.OfDeployToken(token);

    public HostedApp Host(string name, AppAlertSettings? alerts, string? owner = "a token")
    {
        var app = new HostedApp(name, new string('a', 52), "an image", owner is null ? null : OwnerOf(owner)) { Alerts = alerts };
        Current = new AppSnapshot(Current.Apps.Where(known => known.Name != name).Append(app));
        return app;
    }

    /// <summary>As a catalog that was not read yet.</summary>
    public void Forget() => Current = AppSnapshot.Empty;

    public void Set(string name, AppState state)
    {
        Assert.True(Current.TryFind(name, out var app));
        _statuses[name] = new AppStatus(app, state, Time.GetUtcNow(), (state as AppState.Failed)?.Reason);
    }

    /// <summary>True for a gateway that ends without a step more.</summary>
    public bool Crashes { get; set; }

    public Task StartDeliveryAsync() => Delivery.StartAsync(CancellationToken.None);

    /// <summary>Checks now and after each interval of so long a time.</summary>
    public async Task RunAsync(TimeSpan span = default)
    {
        await _watch.RoundAsync(CancellationToken.None);
        for (var passed = TimeSpan.Zero; passed < span; passed += DeveloperAlertWatch.Interval)
        {
            Time.Advance(DeveloperAlertWatch.Interval);
            await _watch.RoundAsync(CancellationToken.None);
        }
    }

    public AppState StateOf(HostedApp app) => throw new NotSupportedException();

    public AppState Wake(HostedApp app) => throw new NotSupportedException();

    public Task<AppState> WhenReadyOrFailedAsync(HostedApp app, CancellationToken cancellation) => throw new NotSupportedException();

    public Task SleepAsync(HostedApp app, TimeSpan grace, CancellationToken cancellation) => throw new NotSupportedException();

    public void ReportUnreachable(HostedApp app, AppState.Awake state) => throw new NotSupportedException();

    public async ValueTask DisposeAsync()
    {
        if (!Crashes)
        {
            await _watch.StopAsync(CancellationToken.None);
            await Delivery.StopAsync(CancellationToken.None);
        }
        Delivery.Dispose();
        _watch.Dispose();
        _readings.Dispose();
        _client.Dispose();
    }
}
