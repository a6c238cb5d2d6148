using Codius.Web.Balances;
using Codius.Web.Balances.HostPayments;

namespace Codius.Web.Payments.TopUp;

/// <summary>
/// Credits all incoming money, by packet, by receipt, or by what the host's wallet says. A repeated credit counts once.
/// </summary>
internal sealed partial class PaymentCrediting(
    IBalanceLedger ledger, PaymentNotes notes, PaymentsHealth health, TimeProvider time, ILogger<PaymentCrediting> log)
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// Credits a packet. While the ledger is unavailable, or its outcome unknown, retries with the same identity until the deadline:
    /// the packet is credited once, however often the store got it.
    /// </summary>
    /// <remarks>
    /// A crash after this returns and before the Fulfill is sent costs the host this one packet: the account keeps it, and the payer gets
    /// the money back. The other order would cost the payer. Not cancelled if the connector disconnects: the store may have credited it
    /// already.
    /// </remarks>
    public async ValueTask<CreditResult> CreditAsync(PacketCredit packet)
    {
        for (var wait = FirstWait; ; wait = wait * 2 < LongestWait ? wait * 2 : LongestWait)
        {
            var result = await ledger.CreditAsync(packet, CancellationToken.None);
            // Already counted, after a lost reply: an earlier attempt of this loop credited the packet.
            if (result.Outcome == CreditOutcome.AlreadyCounted && wait > FirstWait)
                result = result with { Outcome = CreditOutcome.Credited, Increase = packet.Amount };
            if (result.Outcome != CreditOutcome.Unavailable)
            {
                if (result.Outcome == CreditOutcome.Credited) notes.Credited(PaymentId.Of(packet), packet.Amount, result.ReceiptTotal);
                return Counted("packet", packet.Account, result);
            }
            RecordUnavailable();
            if (time.GetUtcNow() + wait >= packet.Deadline) return result;
            await Task.Delay(wait, time, CancellationToken.None);
        }
    }

    /// <summary>Credits the increase of a receipt's total. If the ledger is unavailable, the client can post the receipt again.</summary>
    public async ValueTask<CreditResult> CreditAsync(ReceiptCredit receipt)
    {
        var result = await ledger.CreditAsync(receipt, CancellationToken.None);
        if (result.Outcome == CreditOutcome.Unavailable) RecordUnavailable();
        // Also without an answer: it may be credited, and its repeat adds nothing then.
        if (result.Outcome is CreditOutcome.Credited or CreditOutcome.Unavailable)
            notes.Credited(PaymentId.Of(receipt), result.Increase, receipt.TotalReceived);
        return Counted("receipt", receipt.Account, result);
    }

    /// <summary>Credits the increase of what the host's wallet received on a payment; the next look repeats what failed.</summary>
    public async ValueTask<CreditResult> CreditAsync(WalletCredit payment)
    {
        var result = await ledger.CreditAsync(payment, CancellationToken.None);
        if (result.Outcome == CreditOutcome.Unavailable) RecordUnavailable();
        // Also without an answer: it may be credited, and its repeat adds nothing then.
        if (result.Outcome is CreditOutcome.Credited or CreditOutcome.Unavailable)
            notes.Credited(PaymentId.Of(payment), result.Increase, payment.Total);
        return Counted("wallet", payment.Account, result);
    }

    private CreditResult Counted(string way, AccountId account, CreditResult result)
    {
        // Each look at the host's wallet repeats its total.
        if (result.Outcome == CreditOutcome.AlreadyCounted && way != "wallet") PaymentsMeter.Repeated(way);
        if (result.Outcome != CreditOutcome.Credited) return result;
        PaymentsMeter.Credited(way, result.Increase);
        health.RecordCredit();
        LogCredited(account, result.Increase, way, result.Funds);
        return result;
    }

    private void RecordUnavailable()
    {
        PaymentsMeter.Refused("ledger", "unavailable");
        health.RecordFailure("the ledger could not be reached.");
    }

    [LoggerMessage(LogLevel.Debug, "{Account} was credited {Units} units by {Way}; it has {Funds}")]
    private partial void LogCredited(AccountId account, ulong units, string way, ulong funds);
}
