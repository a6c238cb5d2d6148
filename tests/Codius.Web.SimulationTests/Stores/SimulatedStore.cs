using Codius.Testing;
using Codius.Testing.Stores;
using Codius.Web.Balances;
using Codius.Web.Balances.Books;
using Codius.Web.Balances.Changes;
using Codius.Web.Balances.Incoming;
using Codius.Web.Balances.Leases;
using Codius.Web.Balances.WalletPayments;
using Codius.Web.Hosting.Secrets;
using Codius.Web.SimulationTests.Checks;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Codius.Web.SimulationTests.Stores;

/// <summary>A real store and the ledger on it, whose scripts run on the simulation's clock.</summary>
internal sealed class SimulatedStore : IAsyncDisposable
{
    // No call times out but those that a scenario says do: a machine that is busy, or stands still, must not decide what a run is.
    private static readonly TimeSpan Patience = TimeSpan.FromHours(1);

    private readonly LedgerStore _store;
    private readonly Func<ValueTask> _end;
    private List<IThreadPoolWorkItem>? _turns;

    private SimulatedStore(LedgerStore store, Func<ValueTask> end)
    {
        (_store, _end) = (store, end);
        Scripts = new SimulatedScripts(store.Store, store.Health, Clock, Prices);
        var (incoming, time) = (Options.Create(store.IncomingSettings), new JumpingClock());
        HostBooks = new HostBooksWriter(store.Store, Scripts);
        // So few may be open that scenarios have more.
        Looks = new WalletPaymentSchedule(
            store.Store, Scripts, store.Health, new HostSecrets(new HostSecret(new byte[32]), []),
            Options.Create(new WalletPaymentOptions { MostOpen = 3 }));
        Incoming = new IncomingLedger(store.Store, Scripts, store.Health, store.Notes, incoming);
        Ledger = new RedisBalanceLedger(
            store.Store, Scripts, store.Health, new BalanceHints(store.Store, Supervised.By(time), time),
            Options.Create(new LeaseOptions()),
            Incoming, incoming, Supervised.By(time),
            time, Run);
    }

    public StoreClock Clock { get; } = new();

    public SimulatedPrices Prices { get; } = new();

    public SimulatedScripts Scripts { get; }

    public IBalanceLedger Ledger { get; }

    public HostBooksWriter HostBooks { get; }

    public IncomingLedger Incoming { get; }

    public WalletPaymentSchedule Looks { get; }

    public AccountSnapshots Snapshots => field ??= new AccountSnapshots(_store.Database);

    /// <summary>What is credited until then goes out together, as what becomes ready within a moment does.</summary>
    public void SendTogether(Action credits)
    {
        var turns = _turns = [];
        credits();
        _turns = null;
        foreach (var turn in turns) turn.Execute();
    }

    /// <summary>The account as it is now.</summary>
    public AccountState Read(AccountId account)
    {
        var key = BalanceKeys.Account(account);
        return AccountState.Parse(
            _store.Database.Execute("HGETALL", key), (string?)_store.Database.HashGet(SimulatedScripts.EndsOf(key), (string)key!) ?? "");
    }

    /// <summary>The books of the host, of all accounts together.</summary>
    public BookTotals ReadHostTotals() =>
        (string?)_store.Database.HashGet(BalanceKeys.HostBooks, BalanceKeys.HostTotals) is { } line
            ? BookSnapshot.OfLine(line).Since(BookSnapshot.Zero) : new BookTotals();

    /// <summary>What is kept of payments at the receiving wallet, their places in what is to be done, and in what is open.</summary>
    public (long Payments, long Places, long Open) ReadLooks()
    {
        var (keys, database) = (BalanceKeys.WalletPayments, _store.Database);
        return (
            database.HashLength(keys[0]) + database.HashLength(keys[1]),
            keys[4..].Sum(key => database.SortedSetLength(key)),
            database.SortedSetLength(keys[2]) + database.SortedSetLength(keys[3]));
    }

    /// <summary>The hours and the days of books, by the key that they are beside.</summary>
    public (IReadOnlyList<BookSnapshot> Hours, IReadOnlyList<BookSnapshot> Days) ReadHours(RedisKey key)
    {
        var books = BalanceKeys.Books(key);
        return (Read(books[0]), Read(books[1]));

        IReadOnlyList<BookSnapshot> Read(RedisKey list) =>
            [.. _store.Database.ListRange(list).Select(line => BookSnapshot.OfLine((string)line!))];
    }

    /// <summary>The account's end has come; what lies beside it has ends of its own.</summary>
    public void End(AccountId account)
    {
        var key = BalanceKeys.Account(account);
        _store.Database.KeyDelete(key);
        _store.Database.HashDelete(SimulatedScripts.EndsOf(key), (string)key!);
    }

    /// <summary>A redis-server. It need not survive the simulation, so it does not wait for its disk.</summary>
    public static async Task<SimulatedStore> OnRedisAsync(CancellationToken cancellation)
    {
        var server = new RedisServer("--appendfsync", "no");
        await server.StartAsync(cancellation);
        var options = new RedisOptions { ConnectionString = server.ConnectionString, Timeout = Patience };
        return new SimulatedStore(LedgerStore.OnRedis(options), server.DisposeAsync);
    }

    /// <summary>Garnet inside the process, as in a gateway, on a folder in memory where there is one.</summary>
    public static SimulatedStore OnGarnet()
    {
        const string Memory = "/dev/shm";
        var folder = Directory.Exists(Memory)
            ? Directory.CreateDirectory(Path.Combine(Memory, $"codius-test-{Guid.NewGuid():N}"))
            : Directory.CreateTempSubdirectory("codius-test-");
        return new SimulatedStore(LedgerStore.OnGarnet(folder.FullName, patience: Patience), () =>
        {
            folder.Delete(recursive: true);
            return ValueTask.CompletedTask;
        });
    }

    /// <summary>At once, so that a seed always has the same scripts.</summary>
    private void Run(IThreadPoolWorkItem turn)
    {
        if (_turns is { } turns) turns.Add(turn);
        else turn.Execute();
    }

    public async ValueTask DisposeAsync()
    {
        _store.Dispose();
        await _end();
    }
}
