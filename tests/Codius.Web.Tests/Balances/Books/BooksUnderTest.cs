using System.Security.Cryptography;
using Codius.Testing;
using Codius.Testing.Stores;
using Codius.Web.Balances;
using Codius.Web.Balances.Books;

namespace Codius.Web.Tests.Balances.Books;

/// <summary>An account whose ledger runs on a clock of the test, and its books.</summary>
internal sealed class BooksUnderTest
{
    public BooksUnderTest(LedgerStore store, Prices? prices = null)
    {
        Store = store;
        Scripts = new ClockedScripts(store, Clock, prices);
        Ledger = store.LedgerWith(Scripts);
        Books = store.BooksOn(Clock);
        Start = new DateTimeOffset(2027, 1, 1, 0, 30, 0, TimeSpan.Zero);
        Clock.Advance(Start - Clock.GetUtcNow());
    }

    public AccountId Id { get; } = AccountId.OfApp("b" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)));

    public JumpingClock Clock { get; } = new();

    public DateTimeOffset Start { get; }

    public LedgerStore Store { get; }

    public ClockedScripts Scripts { get; }

    public IBalanceLedger Ledger { get; }

    public IBooks Books { get; }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public PacketCredit Packet(ulong amount, string connection = "a connection") => new(
        Id, amount, RandomNumberGenerator.GetBytes(32), Clock.GetUtcNow().AddSeconds(30), Clock.GetUtcNow().AddSeconds(29),
        Connection: connection);

    public async Task PayAsync(ulong amount, string connection = "a connection") =>
        Assert.Equal(CreditOutcome.Credited, (await Ledger.CreditAsync(Packet(amount, connection), Stop)).Outcome);

    public async Task SpendAsync(ulong amount, string? id = null) =>
        Assert.Equal(SpendOutcome.Done, (await Ledger.SpendAsync(Id, amount, Stop, id)).Outcome);

    public void Pass(TimeSpan time) => Clock.Advance(time);

    public async Task<BookTotals> TotalsAsync() => Assert.IsType<BookTotals>(await Books.ReadTotalsAsync(Id, Stop));

    public async Task<IReadOnlyList<BookLine>> LinesAsync(BookStep step, DateTimeOffset? from = null, DateTimeOffset? until = null) =>
        await Books.ReadLinesAsync(Id, step, from ?? DateTimeOffset.UnixEpoch, until ?? DateTimeOffset.MaxValue, Stop);

    public async Task<IReadOnlyList<StatementEntry>> EntriesAsync() => (await Books.ReadEntriesAsync(Id, null, 1000, Stop)).Entries;

    /// <summary>The lengths of what the store has of the books: hours, days, entries.</summary>
    public async Task<(long Hours, long Days, long Entries)> LengthsAsync()
    {
        var keys = BalanceKeys.Books(BalanceKeys.Account(Id));
        return (await Store.Database.ListLengthAsync(keys[0]), await Store.Database.ListLengthAsync(keys[1]),
            await Store.Database.HashLengthAsync(keys[2]));
    }

    /// <summary>The sum of lines, kind by kind.</summary>
    public static BookTotals Sum(IEnumerable<BookLine> lines) => lines.Select(line => line.Totals).Aggregate(new BookTotals(), Add);

    public static BookTotals Add(BookTotals a, BookTotals b) => new()
    {
        PaidByStream = a.PaidByStream + b.PaidByStream,
        PaidByReceipt = a.PaidByReceipt + b.PaidByReceipt,
        PaidByWallet = a.PaidByWallet + b.PaidByWallet,
        AdjustedUp = a.AdjustedUp + b.AdjustedUp,
        AdjustedDown = a.AdjustedDown + b.AdjustedDown,
        CreditedBefore = a.CreditedBefore + b.CreditedBefore,
        Requests = a.Requests + b.Requests,
        Running = a.Running + b.Running,
        Deploys = a.Deploys + b.Deploys,
        Calls = a.Calls + b.Calls,
        Forfeited = a.Forfeited + b.Forfeited,
        SpentBefore = a.SpentBefore + b.SpentBefore,
        Refunded = a.Refunded + b.Refunded,
        GivenBack = a.GivenBack + b.GivenBack,
    };
}
