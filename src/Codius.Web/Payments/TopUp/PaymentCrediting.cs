using Codius.Web.Balances;

namespace Codius.Web.Payments.TopUp;

/// <summary>
/// Credits every payment, whichever way it was paid: the only way money comes in. A repeated credit counts once.
/// </summary>
internal sealed partial class PaymentCrediting(
    IBalanceLedger ledger, PaymentsHealth health, TimeProvider time, ILogger<PaymentCrediting> log)
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// Counts a packet. While the ledger cannot be asked, or does not say what it did, asks again with the same identity until the
    /// deadline:
    /// the packet is then counted once however often the store heard of it.
    /// </summary>
    /// <remarks>
    /// A crash after this returns and before the Fulfill leaves costs the host this one packet: the account keeps it, the payer's money
    /// returns
    /// to the payer. The other order would cost the payer. Hanging up does not cancel what has begun: the store may already have counted
    /// it.
    /// </remarks>
    public async ValueTask<CreditResult> CreditAsync(PacketCredit packet)
    {
        for (var wait = FirstWait; ; wait = wait * 2 < LongestWait ? wait * 2 : LongestWait)
        {
            var result = await ledger.CreditAsync(packet, CancellationToken.None);
            // Counted before, after an answer was lost: it was this very packet, a moment ago.
            if (result.Outcome == CreditOutcome.AlreadyCounted && wait > FirstWait)
                result = result with { Outcome = CreditOutcome.Credited, Increase = packet.Amount };
            if (result.Outcome != CreditOutcome.Unavailable) return Counted("packet", packet.Account, result);
            RecordUnavailable();
            if (time.GetUtcNow() + wait >= packet.Deadline) return result;
            await Task.Delay(wait, time, CancellationToken.None);
        }
    }

    /// <summary>Counts the increase of a receipt's total. Who posted it may post it again if the ledger could not be asked.</summary>
    public async ValueTask<CreditResult> CreditAsync(ReceiptCredit receipt)
    {
        var result = await ledger.CreditAsync(receipt, CancellationToken.None);
        if (result.Outcome == CreditOutcome.Unavailable) RecordUnavailable();
        return Counted("receipt", receipt.Account, result);
    }

    private CreditResult Counted(string way, AccountId account, CreditResult result)
    {
        if (result.Outcome == CreditOutcome.AlreadyCounted) PaymentsMeter.Repeated(way);
        if (result.Outcome != CreditOutcome.Credited) return result;
        PaymentsMeter.Credited(way, result.Increase);
        health.RecordCredit();
        LogCredited(account, result.Increase, way, result.Funds);
        return result;
    }

    private void RecordUnavailable()
    {
        PaymentsMeter.Refused("ledger", "unavailable");
        health.RecordFailure("the ledger could not be asked.");
    }

    [LoggerMessage(LogLevel.Debug, "{Account} was credited {Units} units by {Way}; it has {Funds}")]
    private partial void LogCredited(AccountId account, ulong units, string way, ulong funds);
}
