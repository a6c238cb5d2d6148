namespace Codius.Web.Balances.Incoming;

/// <summary>An incoming payment as stored: its limit, what it received, and a document that the ledger does not read.</summary>
/// <param name="Id">The payment's id.</param>
/// <param name="Account">The account that is paid.</param>
/// <param name="IncomingAmount">The most that is accepted, in units; null for no limit.</param>
/// <param name="Received">What was received, in units.</param>
/// <param name="Completed">True if no more is accepted.</param>
/// <param name="ExpiresAt">When it stops accepting money, by the store's clock.</param>
/// <param name="Document">What its creator stored with it.</param>
internal sealed record IncomingRecord(
    Guid Id, AccountId Account, ulong? IncomingAmount, ulong Received, bool Completed, DateTimeOffset ExpiresAt, string Document);
