using System.Globalization;
using Codius.Testing;
using Codius.Testing.Stores;
using Codius.Web.Apps;
using Codius.Web.Balances;
using Codius.Web.Balances.Leases;
using Codius.Web.Deploying.Paying;
using Codius.Web.Deploying.Unpaid;
using Codius.Web.Tests.Apps.Manifests;
using Codius.Web.Tests.Balances;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Codius.Web.Tests.Deploying.Unpaid;

/// <summary>A host whose days a test lets pass: its apps are in memory, its ledger and its records in a real store.</summary>
internal sealed class UnpaidStage
{
    /// <summary>What a wake (a minute of 600 an hour) and a request cost.</summary>
    public const ulong Least = 20;

    public static readonly AccountId Owner = AccountId.OfDeployToken("alice");

    private static readonly Prices Prices = new(PerRequest: 10, PerDeploy: 10, PerRunningHour: 600, OpenAt: 300);

    private readonly LedgerStore _store;
    private readonly RedisBalanceLedger _ledger;

    public UnpaidStage(LedgerStore store)
    {
        _store = store;
        _ledger = store.LedgerWith(Prices);
        Apps = new FakeAppStore(Time);
        Days = new UnpaidDays(store.Store, Options.Create(new AppOptions()), Time);
        Gateway = OneMoreGateway();
    }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 11, 1, 0, 0, 0, TimeSpan.Zero));

    public FakeAppStore Apps { get; }

    /// <summary>What the apps are doing.</summary>
    public FakeApps Runner { get; } = new();

    public UnpaidDays Days { get; }

    public UnpaidApps Gateway { get; }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public UnpaidApps OneMoreGateway()
    {
        var reservations = new DeployReservations(_ledger, new DeployFunds(_ledger), _store.Store, new DeployPrice(Prices), new StoreTime(),
            Time, NullLogger<DeployReservations>.Instance);
        return new UnpaidApps(Apps, Runner, Apps, _ledger, Days, new UnpaidTurn(_store.Store), reservations, Prices,
            NullLogger<UnpaidApps>.Instance);
    }

    /// <summary>Deploys an app under a name that no other test has; each version is another hash.</summary>
    public async Task<StoredApp> DeployAsync(string? name = null, AccountId? owner = null, bool isHosts = false, int version = 0)
    {
        name ??= new AccountUnderTest(_store).Id.ToString();
        var spec = Manifest.Read(
            $$$"""{"spec":{"containers":[{"name":"web","image":"nginx","args":["{{{name}}}","{{{version}}}"]}]}}""").Spec;
        var app = new StoredApp(name, Web.Apps.Manifests.ManifestHash.OfSpec(spec), spec, null, isHosts ? null : owner ?? Owner,
            new Dictionary<string, string>());
        await Apps.PutAsync(app, Stop);
        return app;
    }

    public async Task PayAsync(string account, ulong amount) =>
        await _ledger.CreditAsync(AccountUnderTest.Packet(AccountId.OfApp(account), amount), Stop);

    public async Task SpendAsync(string account, ulong amount) => await _ledger.SpendAsync(AccountId.OfApp(account), amount, Stop);

    /// <summary>So many days pass, and the first gateway looks on each.</summary>
    public async Task PassAsync(int days)
    {
        for (var i = 0; i < days; i++)
        {
            Time.Advance(TimeSpan.FromDays(1));
            await EndTurnAsync();
            Assert.True(await Gateway.LookAsync(Stop));
        }
    }

    /// <summary>As the store does after a day, or after the ten minutes of a crashed gateway.</summary>
    public Task EndTurnAsync() => _store.Database.KeyDeleteAsync(UnpaidTurn.Key);

    /// <summary>The days that were counted; 0 without a record.</summary>
    public async Task<int> CountedAsync(StoredApp app) =>
        (string?)await _store.Database.StringGetAsync($"codius:{{{app.Name}}}:unpaid") is { } record
            ? int.Parse(record.Split(' ')[2], CultureInfo.InvariantCulture) : 0;

    public async Task<bool> ExistsAsync(StoredApp app) => await Apps.FindAsync(app.Name, Stop) is not null;
}
