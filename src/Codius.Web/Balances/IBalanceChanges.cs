namespace Codius.Web.Balances;

/// <summary>Tells who cares that an account changed; a hint to read it again, never the truth itself.</summary>
internal interface IBalanceChanges
{
    /// <summary>Yields at once, then on each change, at most about four times a second; ends when cancelled.</summary>
    IAsyncEnumerable<Balance?> WatchAsync(AccountId account, CancellationToken cancellation);

    /// <summary>
    /// Calls back with any account that changed, until disposed. Of changes close together the first is told: whoever waits a
    /// second before it reads misses none.
    /// </summary>
    IDisposable Listen(Action<AccountId> changed);
}
