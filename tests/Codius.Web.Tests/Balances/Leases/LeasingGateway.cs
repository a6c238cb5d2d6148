using Codius.Testing;
using Codius.Testing.Stores;
using Codius.Web.Balances;
using Codius.Web.Balances.Leases;
using Codius.Web.Hosting.Rates;
using Codius.Web.Hosting.Supervision;

namespace Codius.Web.Tests.Balances.Leases;

/// <summary>The running reservations of one gateway, on a ledger whose calls can be watched and delayed.</summary>
internal sealed class LeasingGateway : IAsyncDisposable
{
    private readonly WatchedLedger _ledger;

    private LeasingGateway(
        LedgerStore store, LeaseOptions options, ulong maxOut, TimeProvider? time, int freeErrors, LiveGateways? gateways)
    {
        _ledger = new WatchedLedger(store.Ledger);
        Supervisor = Supervised.By(time);
        Reservations = store.Reservations(options, maxOut, _ledger, time, Supervisor, freeErrors, gateways);
    }

    public LeasedReservations Reservations { get; }

    public Supervisor Supervisor { get; }

    public int LeaseCalls => _ledger.LeaseCalls;

    public Func<LeaseRequest, Task> Before
    {
        set => _ledger.Before = value;
    }

    public Action<LeaseResult> After
    {
        set => _ledger.Loses = (_, result) =>
        {
            value(result);
            return false;
        };
    }

    public Func<LeaseRequest, LeaseResult, bool> Loses
    {
        set => _ledger.Loses = value;
    }

    public static async Task<LeasingGateway> StartAsync(
        LedgerStore store, LeaseOptions options, ulong maxOut, TimeProvider? time = null, int freeErrors = PriceOptions.UsualFreeErrors,
        LiveGateways? gateways = null)
    {
        var gateway = new LeasingGateway(store, options, maxOut, time, freeErrors, gateways);
        await gateway.Reservations.StartAsync(TestContext.Current.CancellationToken);
        return gateway;
    }

    public ValueTask<Reservation> ReserveAsync(AccountUnderTest account, ulong price, ulong? cap = null) =>
        Reservations.ReserveAsync(account.Id, price, TestContext.Current.CancellationToken, cap);

    /// <summary>A visit that the app answers.</summary>
    public async Task VisitAsync(AccountUnderTest account, ulong price)
    {
        var reserved = await ReserveAsync(account, price);
        Assert.Equal(ReserveOutcome.Reserved, reserved.Outcome);
        reserved.Forward();
        reserved.Commit();
    }

    public async ValueTask DisposeAsync()
    {
        await Reservations.StopAsync(CancellationToken.None);
        Reservations.Dispose();
    }
}
