namespace Codius.Web.Balances.Books;

/// <summary>One entry of an account's statement; the packets of a payment are one entry.</summary>
/// <param name="Id">Unique in the account.</param>
/// <param name="At">When it was made.</param>
/// <param name="Last">When its amount last grew.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Amount">Units.</param>
/// <param name="Way">Of a credit: stream, receipt, wallet or, of what a connector owes, connector.</param>
/// <param name="Reference">
/// The incoming payment's or the connection's id, the receipt's nonce, the lease of a deploy, or the id of a change by hand.
/// </param>
/// <param name="Payer">The payer's wallet address, if it is known.</param>
/// <param name="Reason">Why a change was made by hand.</param>
/// <param name="By">Who made it: the name of the admin's token.</param>
internal sealed record StatementEntry(
    string Id, DateTimeOffset At, DateTimeOffset Last, StatementKind Kind, ulong Amount, string? Way, string? Reference,
    string? Payer, string? Reason, string? By);
