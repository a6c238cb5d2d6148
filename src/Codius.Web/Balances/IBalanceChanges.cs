namespace Codius.Web.Balances;

/// <summary>Notifies watchers that an account changed: a hint to read it again, never the balance itself.</summary>
internal interface IBalanceChanges
{
    /// <summary>Yields at once, then on each change, at most about four times a second; ends when cancelled.</summary>
    IAsyncEnumerable<Balance?> WatchAsync(AccountId account, CancellationToken cancellation);

    /// <summary>
    /// Calls back with any account that changed, until disposed. Of changes close together only the first is published: a caller that
    /// waits five seconds before it reads misses none.
    /// </summary>
    IDisposable Listen(Action<AccountId> changed);
}
