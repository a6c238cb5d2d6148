using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Codius.Web.Balances;

namespace Codius.Testing.Pages;

/// <summary>A fake ledger for the pages: the test sets the balances, and watchers are notified.</summary>
internal sealed class StagedBalances : IBalanceLedger, IBalanceChanges
{
    private readonly ConcurrentDictionary<AccountId, ulong> _funds = new();
    private readonly ConcurrentDictionary<Channel<bool>, AccountId> _watchers = new();

    /// <summary>True to behave as a store that is unavailable.</summary>
    public bool IsAway { get; set; }

    /// <summary>The number of open watches.</summary>
    public int Watchers => _watchers.Count;

    /// <summary>How often a balance was read.</summary>
    public int Reads { get; private set; }

    public void Set(string account, ulong funds)
    {
        var id = AccountId.OfApp(account);
        _funds[id] = funds;
        foreach (var (watcher, watched) in _watchers)
            if (watched == id)
                watcher.Writer.TryWrite(true);
    }

    public ValueTask<Balance?> ReadAsync(AccountId account, CancellationToken cancellation) =>
        IsAway ? throw new LedgerUnavailableException("the stage is dark") : ValueTask.FromResult(Read(account));

    public async IAsyncEnumerable<ulong> WatchAsync(AccountId account, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var channel = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        _watchers[channel] = account;
        try
        {
            do
            {
                if (IsAway) throw new LedgerUnavailableException("the stage is dark");
                yield return Read(account)?.Funds ?? 0;
            }
            while (await channel.Reader.ReadAsync(cancellation));
        }
        finally
        {
            _watchers.TryRemove(channel, out _);
        }
    }

    public IDisposable Listen(Action<AccountId> changed) => throw new NotSupportedException();

    public ValueTask<CreditResult> CreditAsync(PacketCredit credit, CancellationToken cancellation) => throw new NotSupportedException();

    public ValueTask<CreditResult> CreditAsync(ReceiptCredit credit, CancellationToken cancellation) => throw new NotSupportedException();

    public ValueTask<CreditResult> CreditAsync(WalletCredit credit, CancellationToken cancellation) => throw new NotSupportedException();

    public ValueTask<SpendResult> SpendAsync(AccountId account, ulong amount, CancellationToken cancellation, string? id = null) =>
        throw new NotSupportedException();

    public ValueTask<SpendResult> ForfeitAsync(AccountId account, string id, string reason, CancellationToken cancellation) =>
        throw new NotSupportedException();

    public ValueTask<LeaseResult> LeaseAsync(LeaseRequest request, CancellationToken cancellation) => throw new NotSupportedException();

    public ValueTask<RunningResult> BillRunningAsync(RunningBill bill, CancellationToken cancellation) => throw new NotSupportedException();

    public ValueTask<RunningResult> EndWakeAsync(WakeEnd end, CancellationToken cancellation) => throw new NotSupportedException();

    public ValueTask<SpendResult> RefundAsync(
        AccountId account, ulong amount, string id, string reason, string by, CancellationToken cancellation) =>
        throw new NotSupportedException();

    public ValueTask<SpendResult> AdjustAsync(
        AccountId account, long change, string id, string reason, string by, CancellationToken cancellation) =>
        throw new NotSupportedException();

    public ValueTask<SpendResult> BookAsync(
        AccountId book, ulong amount, string writer, long sequence, CancellationToken cancellation) => throw new NotSupportedException();

    private Balance? Read(AccountId account)
    {
        Reads++;
        return _funds.TryGetValue(account, out var funds) ? new Balance(funds, funds, 0, 0) : null;
    }
}
