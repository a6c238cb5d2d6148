using Codius.Testing;
using Codius.Testing.Stores;
using Codius.Web.Apps;
using Codius.Web.Balances;
using Codius.Web.Sleeping;
using Codius.Web.Tests.Balances;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Codius.Web.Tests.Sleeping;

/// <summary>What becomes of what a wake paid, on a real ledger, as one gateway or several see the wake end.</summary>
public sealed class WakeReportsTests(RedisFixture fixture) : IClassFixture<RedisFixture>
{
    private const ulong PerHour = 60_000;
    private const ulong Minute = 1_000;
    private const ulong Paid = 10_000;

    private static readonly Balance Whole = new(Paid, Paid, 0, 0);
    private static readonly Balance Charged = new(Paid, Paid - Minute, Minute, 0);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string, bool> Ends => new()
    {
        { nameof(FailureCause.App), false },
        { nameof(FailureCause.Image), true },
        { nameof(FailureCause.Host), true },
    };

    [Theory]
    [MemberData(nameof(Ends))]
    public async Task A_failed_wake_is_given_back_unless_the_app_itself_failed(string cause, bool isGivenBack)
    {
        await using var gateway = await Watching.StartAsync(fixture.Store);
        await gateway.WakeAsync();

        gateway.Become(new AppState.Failed("it broke") { Cause = Enum.Parse<FailureCause>(cause) });

        await gateway.Account.IsAsync(isGivenBack ? Whole : Charged);
        await gateway.EndIsKnownAsync();
        await gateway.Account.IsAsync(isGivenBack ? Whole : Charged);
    }

    [Fact]
    public async Task An_app_that_was_awake_has_earned_its_wake_whatever_befalls_it_then()
    {
        await using var gateway = await Watching.StartAsync(fixture.Store);
        await gateway.WakeAsync();

        gateway.Become(new AppState.Awake(new Uri("http://127.0.0.1:1")));
        await gateway.EndIsKnownAsync();
        gateway.Become(new AppState.Failed("evicted") { Cause = FailureCause.Host });
        await gateway.WakeAsync(earned: true);
        gateway.Become(new AppState.Failed("no room") { Cause = FailureCause.Host });

        await gateway.EndIsKnownAsync();
        Assert.Equal(Charged, await gateway.Account.BalanceAsync());
    }

    [Theory]
    [MemberData(nameof(Ends))]
    public async Task A_refusal_leaves_the_report_of_the_failure_before_it_as_it_was(string cause, bool isGivenBack)
    {
        await using var server = new RedisServer();
        await server.StartAsync(Cancellation);
        using var store = LedgerStore.OnRedis(server);
        await using var gateway = await Watching.StartAsync(store);
        await gateway.WakeAsync();
        await server.KillAsync();
        var failed = new AppState.Failed("it broke", gateway.Time.GetUtcNow().AddMinutes(1)) { Cause = Enum.Parse<FailureCause>(cause) };
        gateway.Become(failed);
        await Eventually.TrueAsync("it was tried", () => store.Health.LastError is not null);
        gateway.Become(failed with { Refused = true });

        await server.StartAsync(Cancellation);
        await Eventually.TrueAsync("it is reported", () =>
        {
            gateway.Time.Advance(TimeSpan.FromSeconds(2));
            return gateway.IsIdle;
        });

        await gateway.EndIsKnownAsync();
        Assert.Equal(isGivenBack ? Whole : Charged, await gateway.Account.BalanceAsync());
    }

    [Fact]
    public async Task An_app_that_its_owner_deletes_while_it_starts_pays_for_that_wake()
    {
        await using var gateway = await Watching.StartAsync(fixture.Store);
        await gateway.WakeAsync();

        gateway.Delete();

        await gateway.EndIsKnownAsync();
        Assert.Equal(Charged, await gateway.Account.BalanceAsync());
    }

    [Fact]
    public async Task Three_gateways_that_see_the_same_failure_give_it_back_once()
    {
        await using var one = await Watching.StartAsync(fixture.Store);
        await using var two = await Watching.StartAsync(fixture.Store, one);
        await using var three = await Watching.StartAsync(fixture.Store, one);
        await one.WakeAsync();

        foreach (var gateway in (Watching[])[one, two, three])
            gateway.Become(new AppState.Failed("no room") { Cause = FailureCause.Host });

        await one.Account.IsAsync(Whole);
        await one.WakeAsync();
        Assert.Equal(Charged, await one.Account.BalanceAsync());
    }

    [Fact]
    public async Task After_a_crash_the_next_wake_does_not_pay_again()
    {
        await using (var crashed = await Watching.StartAsync(fixture.Store))
        {
            await crashed.WakeAsync();
            await using var next = await Watching.StartAsync(fixture.Store, crashed);
            await next.WakeAsync();
            next.Become(new AppState.Awake(new Uri("http://127.0.0.1:1")));

            await next.EndIsKnownAsync();
            Assert.Equal(Charged, await next.Account.BalanceAsync());
        }
    }

    [Fact]
    public async Task What_could_not_be_given_back_while_the_store_was_away_is_given_back_later()
    {
        await using var server = new RedisServer();
        await server.StartAsync(Cancellation);
        using var store = LedgerStore.OnRedis(server);
        await using var gateway = await Watching.StartAsync(store);
        await gateway.WakeAsync();
        await server.KillAsync();
        gateway.Become(new AppState.Failed("no room") { Cause = FailureCause.Host });
        await Eventually.TrueAsync("it was tried", () => store.Health.LastError is not null);

        await server.StartAsync(Cancellation);

        await Eventually.TrueAsync("it is given back", async () =>
        {
            gateway.Time.Advance(TimeSpan.FromSeconds(2));
            return await TryReadAsync(store, gateway) == Whole ? true : (bool?)null;
        });
    }

    [Fact]
    public async Task An_end_that_could_not_be_reported_before_the_app_woke_again_is_void()
    {
        await using var server = new RedisServer();
        await server.StartAsync(Cancellation);
        using var store = LedgerStore.OnRedis(server);
        await using var gateway = await Watching.StartAsync(store);
        await gateway.WakeAsync();
        await server.KillAsync();
        gateway.Become(new AppState.Failed("no room") { Cause = FailureCause.Host });
        await Eventually.TrueAsync("it was tried", () => store.Health.LastError is not null);
        gateway.Become(AppState.Waking);
        await server.StartAsync(Cancellation);
        await Eventually.TrueAsync("the report is dropped", () =>
        {
            gateway.Time.Advance(TimeSpan.FromSeconds(2));
            return gateway.IsIdle;
        });

        Assert.Equal(Charged, await Eventually.TrueAsync("the store answers", () => TryReadAsync(store, gateway)));
    }

    private static async Task<Balance?> TryReadAsync(LedgerStore store, Watching gateway)
    {
        try
        {
            return await store.Ledger.ReadAsync(gateway.Account.Id, Cancellation);
        }
        catch (LedgerUnavailableException)
        {
            return null;
        }
    }

    /// <summary>One gateway's reports about one app.</summary>
    private sealed class Watching : IAppCatalog, IAsyncDisposable
    {
        private readonly FakeRunner _runner = new();
        private readonly LedgerStore _store;
        private readonly WakeReports _reports;

        private Watching(LedgerStore store, AccountUnderTest account)
        {
            (_store, Account) = (store, account);
            App = new HostedApp(account.Id.ToString(), "one", "hello");
            Current = new AppSnapshot([App]);
            _reports = new WakeReports(
                new SleepContext(_runner, new AppActivity(Time), store.Ledger, store.Changes(), new FakeSteering(),
                    new Prices(10, 10, PerHour, 100), new SleepOptions(), Supervised.By(Time), Time, NullLogger.Instance), this);
        }

        public FakeTimeProvider Time { get; } = new();

        public AccountUnderTest Account { get; }

        public HostedApp App { get; }

        public AppSnapshot Current { get; private set; }

        public event Action? Changed { add { } remove { } }

        public static async Task<Watching> StartAsync(LedgerStore store, Watching? beside = null)
        {
            var gateway = new Watching(store, beside?.Account ?? new AccountUnderTest(store));
            if (beside is null) await gateway.Account.PayAsync(Paid);
            await gateway._reports.StartAsync(Cancellation);
            return gateway;
        }

        /// <summary>True while it has nothing to report.</summary>
        public bool IsIdle => _reports.Unsent == 0;

        public async Task WakeAsync(bool earned = false)
        {
            Assert.Equal(SpendOutcome.Done, (await Account.BillAsync(PerHour, waking: true, earned: earned)).Outcome);
            Become(AppState.Waking);
        }

        public void Become(AppState state) => _runner.Become(App, state);

        public void Delete()
        {
            Current = AppSnapshot.Empty;
            Become(AppState.Asleep);
        }

        /// <summary>The ledger knows how the wake ended.</summary>
        public Task EndIsKnownAsync() => AccountUnderTest.UntilAsync(async () =>
            (string?)await _store.Database.HashGetAsync(BalanceKeys.Account(Account.Id), "wake") == "");

        public async ValueTask DisposeAsync()
        {
            await _reports.StopAsync(CancellationToken.None);
            _reports.Dispose();
        }
    }
}
