using System.Globalization;
using Codius.Web.Balances;
using Codius.Web.Hosting;
using Codius.Web.Payments.OpenPayments;
using Codius.Web.Payments.TopUp;
using Interledger.Net.Packets;
using Interledger.Net.Receipts;
using Interledger.Net.Streaming.Receiving;
using Microsoft.Extensions.Options;

namespace Codius.Web.Payments.Streaming;

/// <summary>
/// Answers the packets that connectors post. The receiver validates a packet; money is credited first and fulfilled then.
/// <code>
/// packet ──► StreamReceiver ──► reply                        (not ours, too late, forged, a probe, closing, worth nothing)
///                │ money
///                ▼
///        room in what the connector may owe? ──► T04
///                ▼
///        PaymentCrediting: credited, or counted before ──► Fulfill  (with the receipt, if the payer asked for receipts)
///                   no room ──► F08   closed ──► F99, ConnectionClose   too late ──► R00   unknown until the deadline ──► T00
/// </code>
/// </summary>
internal sealed class PacketHandler(
    StreamReceiver receiver, PaymentCrediting crediting, ConnectorDebts debts, PaymentsHealth health, Asset asset,
    WireAsset wire, HostNames names, IOptions<PaymentsOptions> options)
{
    private const string Endpoint = "packet";
    private readonly TimeSpan _margin = options.Value.FulfillMargin;
    private readonly ulong _maxPacketAmount = asset.TryParse(options.Value.MaxPacketAmount, out var most) ? most : Asset.MaxAmount;

    public ValueTask<ReadOnlyMemory<byte>> AnswerAsync(IlpPrepareView packet, string connector, CancellationToken aborted)
    {
        aborted.ThrowIfCancellationRequested(); // from here on the packet is finished, even if the connector disconnects
        health.RecordPacket();
        var decision = receiver.Receive(packet);
        if (!decision.IsFinished) return CreditAsync(decision.Money, connector);
        if (decision.Outcome is not (StreamOutcome.FulfilledNothing or StreamOutcome.Closed))
            PaymentsMeter.Refused(Endpoint, decision.Outcome.ToString());
        return new(decision.Reply);
    }

    private async ValueTask<ReadOnlyMemory<byte>> CreditAsync(IncomingMoney money, string connector)
    {
        // From here on amounts are in units of the ledger; what is sent back is in units of the wire.
        if (!wire.TryToLedger(money.Amount, out var units) || units > _maxPacketAmount)
            return Refused("larger than one packet may be", money.RejectAmountTooLarge(wire.ToWireDown(_maxPacketAmount)));
        if (money.Claims.IncomingPayment is not null && money.Claims.IncomingPaymentTerms.IsEmpty)
            return Refused("closed", money.Close(message: "this address was made before the host was changed; make a new payment"));
        if (!debts.TryBegin(connector, units))
        {
            health.RecordFailure($"connector {connector} owes as much as Payments:MaxUnsettled allows.");
            return Refused("connector owes too much",
                money.Reject(IlpErrorCode.T04InsufficientLiquidity, "the connector must settle first"));
        }
        var owed = false;
        try
        {
            var result = await crediting.CreditAsync(CreditOf(money, units));
            owed = result.Outcome == CreditOutcome.Credited;
            return Reply(money, result);
        }
        finally
        {
            debts.End(connector, units, owed);
        }
    }

    // A packet that expires far ahead is taken as expiring in five minutes, and so is its mark. Its sender could send it again after the
    // mark is gone: then it is credited again, and right so. Each credit is added to what the connector owes (TryBegin, End), and a
    // packet that was counted before is not: an account never has more of a connector's packets than the connector must settle.
    private PacketCredit CreditOf(in IncomingMoney money, ulong units)
    {
        var condition = new byte[IlpCondition.Length];
        money.Condition.CopyTo(condition);
        var nonce = Array.Empty<byte>();
        if (money.Claims.Receipts is { } receipts) receipts.Nonce.CopyTo(nonce = new byte[ReceiptNonce.Length]);
        return new PacketCredit(
            AccountId.OfApp(money.Claims.AccountId), units, condition, money.ExpiresAt, money.ExpiresAt - _margin, nonce,
            GatewayIncomingPayments.TermsOf(money.Claims, wire, names), ConnectionOf(money.Claims));
    }

    // Addresses of an account that were issued in the same second are one entry in its statement.
    private static string ConnectionOf(StreamTokenClaims claims) => claims.ReceiptsEnabled || claims.IncomingPayment is not null
        ? ""
        : string.Create(CultureInfo.InvariantCulture, $"address-{claims.ExpiresAt.ToUnixTimeSeconds()}");

    private byte[] Reply(in IncomingMoney money, in CreditResult result) => result.Outcome switch
    {
        CreditOutcome.Credited or CreditOutcome.AlreadyCounted =>
            money.Fulfill(money.Claims.ReceiptsEnabled ? wire.ToWireDown(result.ReceiptTotal) : null),
        CreditOutcome.NoRoom => Refused("no room", money.RejectAmountTooLarge(wire.ToWireDown(result.Room))),
        CreditOutcome.Closed => Refused("closed", money.Close(message: "the payment is complete or has ended")),
        CreditOutcome.Expired =>
            Refused("expired", money.Reject(IlpErrorCode.R00TransferTimedOut, "the packet expired before it could be credited")),
        _ => Refused("ledger unavailable",
            money.Reject(IlpErrorCode.T00InternalError, "the payment could not be credited; nothing was taken")),
    };

    private static byte[] Refused(string reason, byte[] reply)
    {
        PaymentsMeter.Refused(Endpoint, reason);
        return reply;
    }
}
