using Codius.Web.Balances;

namespace Codius.Testing.Stores;

/// <summary>A real ledger whose lease calls are counted, and whose answers can be lost on the way back.</summary>
internal sealed class WatchedLedger(IBalanceLedger ledger) : IBalanceLedger
{
    private int _leaseCalls;

    /// <summary>How many lease calls reached the ledger.</summary>
    public int LeaseCalls => _leaseCalls;

    /// <summary>Decides for each answer whether it is lost: the ledger has done its work, the caller gets "unavailable".</summary>
    public Func<LeaseRequest, LeaseResult, bool> Loses { get; set; } = (_, _) => false;

    /// <summary>The result that the caller gets for a packet that the ledger has credited.</summary>
    public Func<CreditResult, CreditResult> Credited { get; set; } = result => result;

    /// <summary>Runs before each lease call, such as to delay it.</summary>
    public Func<LeaseRequest, Task> Before { get; set; } = _ => Task.CompletedTask;

    /// <summary>Runs after each read, before its caller goes on.</summary>
    public Func<Task> AfterRead { get; set; } = () => Task.CompletedTask;

    public async ValueTask<LeaseResult> LeaseAsync(LeaseRequest request, CancellationToken cancellation)
    {
        Interlocked.Increment(ref _leaseCalls);
        await Before(request);
        var result = await ledger.LeaseAsync(request, cancellation);
        return Loses(request, result) ? new LeaseResult(LeaseOutcome.Unavailable) : result;
    }

    public async ValueTask<Balance?> ReadAsync(AccountId account, CancellationToken cancellation)
    {
        var balance = await ledger.ReadAsync(account, cancellation);
        await AfterRead();
        return balance;
    }

    public async ValueTask<CreditResult> CreditAsync(PacketCredit credit, CancellationToken cancellation)
    {
        var result = await ledger.CreditAsync(credit, cancellation);
        return Credited(result);
    }

    public ValueTask<CreditResult> CreditAsync(ReceiptCredit credit, CancellationToken cancellation) =>
        ledger.CreditAsync(credit, cancellation);

    public ValueTask<CreditResult> CreditAsync(WalletCredit credit, CancellationToken cancellation) =>
        ledger.CreditAsync(credit, cancellation);

    public ValueTask<SpendResult> SpendAsync(AccountId account, ulong amount, CancellationToken cancellation, string? id = null) =>
        ledger.SpendAsync(account, amount, cancellation, id);

    public ValueTask<RunningResult> BillRunningAsync(RunningBill bill, CancellationToken cancellation) =>
        ledger.BillRunningAsync(bill, cancellation);

    public ValueTask<RunningResult> EndWakeAsync(WakeEnd end, CancellationToken cancellation) => ledger.EndWakeAsync(end, cancellation);

    public ValueTask<SpendResult> RefundAsync(
        AccountId account, ulong amount, string id, string reason, string by, CancellationToken cancellation) =>
        ledger.RefundAsync(account, amount, id, reason, by, cancellation);

    public ValueTask<SpendResult> AdjustAsync(
        AccountId account, long change, string id, string reason, string by, CancellationToken cancellation) =>
        ledger.AdjustAsync(account, change, id, reason, by, cancellation);

    public ValueTask<SpendResult> BookAsync(
        AccountId book, ulong amount, string writer, long sequence, CancellationToken cancellation) =>
        ledger.BookAsync(book, amount, writer, sequence, cancellation);

    public ValueTask<SpendResult> ForfeitAsync(AccountId account, string id, string reason, CancellationToken cancellation) =>
        ledger.ForfeitAsync(account, id, reason, cancellation);
}
