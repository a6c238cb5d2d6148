using System.Globalization;
using System.Security.Cryptography;

namespace Codius.Web.Balances.Leases;

/// <summary>The store's time, as an answer of the store said last, and the ids of new leases, which begin with it.</summary>
/// <param name="newSuffix">Makes the rest of an id, which no other lease of the account may have; null: it is random.</param>
internal sealed class StoreTime(Func<string>? newSuffix = null)
{
    /// <summary>How long after that time a new lease may begin: of a request that the store gets later, the caller uses a new id.</summary>
    private const long BeginsWithin = 30_000;

    private readonly Func<string> _newSuffix = newSuffix ?? (static () => RandomNumberGenerator.GetHexString(16, lowercase: true));
    private long _milliseconds;

    /// <summary>An answer of the store has its time; 0: there was no answer.</summary>
    public void Learn(long milliseconds)
    {
        if (milliseconds > 0) Volatile.Write(ref _milliseconds, milliseconds);
    }

    /// <summary>
    /// The id of a new lease. No clock of this gateway is in it: from an answer that is too old the ledger makes no lease, and answers.
    /// </summary>
    /// <param name="atLeast">A later time that the account's last answer said, of this account alone; 0 for none.</param>
    public string NewLeaseId(long atLeast = 0) => string.Create(CultureInfo.InvariantCulture,
        $"{Math.Max(Volatile.Read(ref _milliseconds), atLeast) + BeginsWithin}-{_newSuffix()}");
}
