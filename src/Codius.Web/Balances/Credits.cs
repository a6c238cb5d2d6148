using Codius.Web.Balances.Incoming;

namespace Codius.Web.Balances;

/// <summary>A fulfillable STREAM packet of more than 0 units, to be credited.</summary>
/// <param name="Account">The account that is paid.</param>
/// <param name="Amount">Units, 1 to 2^64-1.</param>
/// <param name="ExecutionCondition">The packet's 32-byte condition: unique per packet, so its identity.</param>
/// <param name="ExpiresAt">The packet's own expiry; its mark is kept until 60 s later.</param>
/// <param name="Deadline">Nothing is credited once the store's clock is past this.</param>
/// <param name="ReceiptNonce">The nonce whose total this packet adds to, when the payer requested receipts (16 bytes).</param>
/// <param name="IncomingPayment">The Open Payments incoming payment the packet pays, if any.</param>
/// <param name="Connection">
/// What its packets have in common, if they have neither a payment nor a nonce: they are one entry of the account's statement.
/// </param>
internal sealed record PacketCredit(
    AccountId Account,
    ulong Amount,
    ReadOnlyMemory<byte> ExecutionCondition,
    DateTimeOffset ExpiresAt,
    DateTimeOffset Deadline,
    ReadOnlyMemory<byte> ReceiptNonce = default,
    IncomingTerms? IncomingPayment = null,
    string Connection = "");

/// <summary>A receipt whose MAC is valid.</summary>
/// <param name="Account">The account it was posted to.</param>
/// <param name="Nonce">16 bytes.</param>
/// <param name="StreamId">The stream the total belongs to.</param>
/// <param name="TotalReceived">The running total it proves, in units.</param>
/// <param name="IssuedAt">When the nonce was issued, as encoded in it.</param>
/// <param name="ExpiresAt">When its lifetime ends; judged by the store's clock.</param>
/// <param name="Unbound">True if the first account it is posted to claims the nonce.</param>
internal sealed record ReceiptCredit(
    AccountId Account,
    ReadOnlyMemory<byte> Nonce,
    byte StreamId,
    ulong TotalReceived,
    DateTimeOffset IssuedAt,
    DateTimeOffset ExpiresAt,
    bool Unbound);

/// <summary>What the host's receiving wallet says it received on an incoming payment that the gateway made there.</summary>
/// <param name="Account">The account that the payment was made for.</param>
/// <param name="Payment">The payment of ours that it stands for; its id is the total's identity.</param>
/// <param name="Total">All that the wallet received on it, in units of the ledger.</param>
/// <param name="Completed">True if the wallet accepts no more on it; it is shown, and changes no money.</param>
/// <param name="CountedUntil">
/// Nothing is credited once the store's clock is past this, the same for all credits of a payment. The total is kept until a day later,
/// about 250 bytes for each payment that received something, or until a day after the payment is looked at no more: before that it may
/// not be forgotten, or it would be credited again.
/// </param>
internal sealed record WalletCredit(
    AccountId Account, IncomingTerms Payment, ulong Total, bool Completed, DateTimeOffset CountedUntil);

/// <summary>The possible outcomes of a credit.</summary>
internal enum CreditOutcome
{
    /// <summary>Credited now.</summary>
    Credited,

    /// <summary>Credited before: the same packet, or a total not above the known one. Nothing changed.</summary>
    AlreadyCounted,

    /// <summary>The store's clock is past the deadline, or the receipt's lifetime is over.</summary>
    Expired,

    /// <summary>The account (or the incoming payment) has no room for it; see <see cref="CreditResult.Room"/>.</summary>
    NoRoom,

    /// <summary>The nonce belongs to another account.</summary>
    OtherAccount,

    /// <summary>The incoming payment is completed or expired.</summary>
    Closed,

    /// <summary>The store is unavailable or its answer was lost; retry with the same identity.</summary>
    Unavailable,
}

/// <summary>The result of a credit.</summary>
/// <param name="Outcome">The outcome.</param>
/// <param name="Increase">Units credited by this call.</param>
/// <param name="Funds">The account's funds afterwards.</param>
/// <param name="Room">With <see cref="CreditOutcome.NoRoom"/>: the units that there is room for.</param>
/// <param name="ReceiptTotal">
/// The nonce's total, when the packet carried one; of a receipt or of the receiving wallet, the highest total counted.
/// </param>
internal readonly record struct CreditResult(
    CreditOutcome Outcome, ulong Increase = 0, ulong Funds = 0, ulong Room = 0, ulong ReceiptTotal = 0);
