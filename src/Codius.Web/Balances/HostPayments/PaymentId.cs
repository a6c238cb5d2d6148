using System.Buffers.Text;
using Codius.Web.Balances.Incoming;

namespace Codius.Web.Balances.HostPayments;

/// <summary>A payment into an account: all that is one entry of its statement.</summary>
/// <param name="Account">The account.</param>
/// <param name="Way">How it came: stream, receipt or wallet.</param>
/// <param name="Reference">The incoming payment's or the connection's id, or the receipt's nonce.</param>
internal readonly record struct PaymentId(AccountId Account, string Way, string Reference)
{
    private const char Separator = '\t';

    /// <summary>The id of its entry in the statement.</summary>
    public string EntryId => $"{Way}:{Reference}";

    public static PaymentId Of(PacketCredit packet) => new(packet.Account, "stream", ReferenceOf(packet));

    public static PaymentId Of(ReceiptCredit receipt) => new(receipt.Account, "receipt", Base64Url.EncodeToString(receipt.Nonce.Span));

    public static PaymentId Of(WalletCredit payment) => new(payment.Account, "wallet", IncomingLedger.IdOf(payment.Payment.Id));

    /// <summary>What the packets of a payment have in common.</summary>
    public static string ReferenceOf(PacketCredit packet) =>
        packet.IncomingPayment is { } one ? IncomingLedger.IdOf(one.Id)
        : packet.ReceiptNonce.IsEmpty ? packet.Connection
        : Base64Url.EncodeToString(packet.ReceiptNonce.Span);

    /// <summary>Its stored form, which begins with the reference.</summary>
    public string ToText() => string.Join(Separator, Reference, Account, Way);

    /// <summary>Parses the stored form.</summary>
    public static PaymentId Parse(string text) => text.Split(Separator) is [var reference, var account, var way]
        ? new PaymentId(AccountId.OfApp(account), way, reference)
        : throw new FormatException($"'{text}' is not a payment");

    /// <summary>The stored forms of all payments with a reference are between these two.</summary>
    public static (string First, string Last) RangeOf(string reference) => (reference + Separator, reference + (char)(Separator + 1));
}
