using Codius.Web.Balances;
using Codius.Web.Balances.Books;
using Codius.Web.Balances.Changes;
using Codius.Web.Balances.Incoming;
using Codius.Web.Balances.Leases;
using Codius.Web.Balances.Notes;
using Codius.Web.Balances.Storage;
using Codius.Web.Balances.WalletPayments;
using Codius.Web.Hosting;
using Codius.Web.Hosting.Rates;
using Codius.Web.Hosting.Secrets;
using Codius.Web.Hosting.Supervision;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Codius.Testing.Stores;

/// <summary>The ledger over a store, composed as in the gateway; one for each gateway that a test has.</summary>
internal sealed class LedgerStore : IDisposable
{
    // Tests share a busy machine; a slow call is not what they test.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly HostSecret Secret = new(new byte[32]);

    private readonly RedisStore _store;
    private readonly TimeProvider _time;
    private DataFolder? _data;

    private LedgerStore(RedisStore store, TimeProvider? time)
    {
        _store = store;
        _time = time ?? TimeProvider.System;
        Health = new LedgerHealth(store, _time, NullLogger<LedgerHealth>.Instance);
        Hints = new BalanceHints(store, Supervised.By(_time), _time);
        Scripts = new LedgerScripts(store, Health);
        Notes = new BoundedNotes(store, Scripts, Health, new HostSecrets(Secret, []), Options.Create(NotesSettings), _time);
        Incoming = new IncomingLedger(store, Scripts, Health, Notes, Options.Create(IncomingSettings));
        WalletPayments = new WalletPaymentSchedule(
            store, Scripts, Health, new HostSecrets(Secret, []), Options.Create(WalletPaymentSettings));
        Ledger = new RedisBalanceLedger(
            store, Scripts, Health, Hints, Options.Create(new LeaseOptions()), Incoming, Options.Create(IncomingSettings),
            Supervised.By(_time), _time);
    }

    public LedgerScripts Scripts { get; }

    public RedisBalanceLedger Ledger { get; }

    public IncomingLedger Incoming { get; }

    public BoundedNotes Notes { get; }

    /// <summary>May be changed by a test that has this store alone.</summary>
    public NotesOptions NotesSettings { get; } = new();

    /// <summary>May be changed by a test that has this store alone.</summary>
    public IncomingOptions IncomingSettings { get; } = new();

    public WalletPaymentSchedule WalletPayments { get; }

    /// <summary>May be changed by a test that has this store alone.</summary>
    public WalletPaymentOptions WalletPaymentSettings { get; } = new();

    public LedgerHealth Health { get; }

    public BalanceHints Hints { get; }

    public RedisStore Store => _store;

    public IDatabase Database => _store.Connection.GetDatabase();

    /// <summary>A gateway beside others on one Redis.</summary>
    public static LedgerStore OnRedis(IStoreProcess server, TimeProvider? time = null) =>
        OnRedis(new RedisOptions { ConnectionString = server.ConnectionString, Timeout = Patience }, time);

    /// <summary>A gateway with settings of its own.</summary>
    public static LedgerStore OnRedis(RedisOptions options, TimeProvider? time = null) =>
        new(RedisStore.Open(Options.Create(options), NoFolder, time), time);

    /// <summary>A gateway with Garnet inside, on a folder.</summary>
    public static LedgerStore OnGarnet(string folder, TimeProvider? time = null, TimeSpan? patience = null)
    {
        var data = new DataFolder(Options.Create(new GatewayOptions { DataFolder = folder }));
        try
        {
            var store = RedisStore.Open(Options.Create(new RedisOptions { Timeout = patience ?? Patience }), () => data);
            return new LedgerStore(store, time) { _data = data };
        }
        catch
        {
            data.Dispose();
            throw;
        }
    }

    /// <summary>The ledger of a gateway with prices, which decide what accounts are kept for good.</summary>
    public RedisBalanceLedger LedgerWith(Prices prices) =>
        new(_store, new LedgerScripts(_store, Health, prices), Health, Hints, Options.Create(new LeaseOptions()), Incoming,
            Options.Create(IncomingSettings), Supervised.By(_time), _time);

    /// <summary>The ledger whose scripts run on a clock of their own.</summary>
    public RedisBalanceLedger LedgerWith(LedgerScripts scripts) =>
        new(_store, scripts, Health, Hints, Options.Create(new LeaseOptions()), Incoming, Options.Create(IncomingSettings),
            Supervised.By(_time), _time);

    /// <summary>The books, read on a clock of their own.</summary>
    public IBooks BooksOn(TimeProvider time) => new RedisBooks(_store, Health, time);

    public IBalanceChanges Changes() => new BalanceChanges(Ledger, Hints, Supervised.By(_time), _time);

    /// <summary>A gateway's reservations; each call is a gateway of its own.</summary>
    public LeasedReservations Reservations(
        LeaseOptions? options = null, ulong maxOut = Asset.MaxAmount, IBalanceLedger? ledger = null, TimeProvider? time = null,
        Supervisor? supervisor = null, int freeErrors = PriceOptions.UsualFreeErrors, LiveGateways? gateways = null)
    {
        // As its heartbeat has learned it; the store is on this machine.
        var storeTime = new StoreTime();
        storeTime.Learn(TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());
        return new LeasedReservations(new LeaseContext(
            ledger ?? Ledger, options ?? new LeaseOptions(), new OutstandingLeases(maxOut), supervisor ?? Supervised.By(time ?? _time),
            time ?? _time, NullLogger<LeaseContext>.Instance, freeErrors, gateways, storeTime: storeTime));
    }

    /// <summary>The check of the store in an environment such as Production.</summary>
    public LedgerGuard Guard(string environment, LeasedReservations? reservations = null) => new(
        _store, Health, reservations ?? Reservations(), new HostingEnvironment { EnvironmentName = environment }, Supervised.By(_time),
        _time, NullLogger<LedgerGuard>.Instance);

    public void Dispose()
    {
        _store.Dispose();
        _data?.Dispose();
    }

    private static DataFolder NoFolder() => throw new InvalidOperationException("A gateway with a Redis of its own needs no folder for it");
}
