using Codius.Web.Balances;

namespace Codius.Web.Admin.Access;

/// <summary>Who changed what, when, from where and why: the newest 10,000 changes, in the store.</summary>
internal interface IAuditLog
{
    /// <summary>Writes a change that has ended.</summary>
    /// <exception cref="LedgerUnavailableException">The store is unavailable.</exception>
    ValueTask WriteAsync(AuditEntry entry);

    /// <summary>Writes how a change ended that was written as <see cref="AuditEntry.Begun"/>.</summary>
    /// <exception cref="LedgerUnavailableException">The store is unavailable.</exception>
    ValueTask EndAsync(AuditEntry begun, string outcome);

    /// <summary>Reads a page; null if the cursor is none.</summary>
    /// <exception cref="LedgerUnavailableException">The store is unavailable.</exception>
    ValueTask<AuditPage?> ReadAsync(AuditQuery query);
}
