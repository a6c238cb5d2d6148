namespace Codius.Web.Balances.Incoming;

/// <summary>An incoming payment as the ledger keeps it: what it takes and took, and the rest as a document it does not read.</summary>
/// <param name="Id">The payment.</param>
/// <param name="Account">Who is paid.</param>
/// <param name="IncomingAmount">The most that is taken, in units; null for no limit.</param>
/// <param name="Received">What arrived, in units.</param>
/// <param name="Completed">True if no more is taken.</param>
/// <param name="ExpiresAt">When it stops taking money, by the store's clock.</param>
/// <param name="Document">What its maker wrote on it.</param>
internal sealed record IncomingRecord(
    Guid Id, AccountId Account, ulong? IncomingAmount, ulong Received, bool Completed, DateTimeOffset ExpiresAt, string Document);
