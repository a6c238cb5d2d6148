using Codius.Testing;
using Codius.Testing.Stores;
using Codius.Web.Apps;
using Codius.Web.Balances;
using Codius.Web.Hosting.Supervision;
using Codius.Web.Sleeping;
using Codius.Web.Tests.Balances;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Codius.Web.Tests.Sleeping;

/// <summary>One app with a real account, watched by a gateway whose clock the test advances.</summary>
internal sealed class OneApp : IAppCatalog, IAsyncDisposable
{
    private readonly AwakeWatches _watches;

    private OneApp(LedgerStore store, ulong perRunningHour, SleepOptions options, bool leads)
    {
        Account = new AccountUnderTest(store);
        App = new HostedApp(Account.Id.ToString(), "one", "hello");
        Current = new AppSnapshot([App]);
        Activity = new AppActivity(Time);
        Changes = store.Changes();
        Supervisor = Supervised.By(Time);
        _watches = new AwakeWatches(
            new SleepContext(
                Runner, leads ? Activity : new Follower(Activity), store.Ledger, Changes, Steering,
                new Prices(10, 10, perRunningHour, 100), options, Supervisor, Time, NullLogger.Instance), this);
    }

    public FakeTimeProvider Time { get; } = new();

    public Supervisor Supervisor { get; }

    public FakeRunner Runner { get; } = new();

    public FakeSteering Steering { get; } = new();

    public AppActivity Activity { get; }

    public AccountUnderTest Account { get; }

    public IBalanceChanges Changes { get; }

    public HostedApp App { get; }

    public AppSnapshot Current { get; }

    public event Action? Changed { add { } remove { } }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<OneApp> AwakeAsync(LedgerStore store, ulong funds = 1_000_000, ulong perRunningHour = 60, bool leads = true)
    {
        var one = new OneApp(store, perRunningHour, new SleepOptions(), leads);
        if (funds > 0) await one.Account.PayAsync(funds);
        await one._watches.StartAsync(Cancellation);
        one.Become(new AppState.Awake(new Uri("http://127.0.0.1:1")));
        await one.EvaluatedAsync();
        return one;
    }

    public void Become(AppState state) => Runner.Become(App, state);

    public Task EvaluatedAsync() => Runner.EvaluatedAsync(App, Cancellation);

    /// <summary>Lets time pass (a lot here, a little for the ledger, whose clock is real), and has the app evaluated.</summary>
    public async Task PassAsync(double seconds)
    {
        await LedgerPassesAsync();
        Time.Advance(TimeSpan.FromSeconds(seconds));
        await EvaluatedAsync();
    }

    public async Task IsPutToSleepAsync() =>
        Assert.Equal((App.Name, TimeSpan.FromSeconds(30)), await Runner.Sleeps.ReadAsync(Cancellation));

    public void IsAwake() => Assert.False(IsAsleep);

    public bool IsAsleep => Runner.Sleeps.TryPeek(out _);

    /// <summary>Ends the gateway, a little later by the ledger's clock; its last bills are done.</summary>
    public async Task EndAsync()
    {
        await LedgerPassesAsync();
        await _watches.StopAsync(Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await _watches.StopAsync(CancellationToken.None);
        _watches.Dispose();
    }

    /// <summary>The activity as a gateway sees it that does not lead.</summary>
    private sealed class Follower(AppActivity own) : IActivityView
    {
        public bool Decides => false;

        public int Open(string app) => own.Open(app);

        public TimeSpan? IdleFor(string app) => own.IdleFor(app);
    }

    private async Task LedgerPassesAsync()
    {
        var start = await Account.StoreTimeAsync();
        await AccountUnderTest.UntilAsync(async () => await Account.StoreTimeAsync() > start + TimeSpan.FromMilliseconds(1));
    }
}
