namespace Codius.Web.Balances;

/// <summary>Notifies watchers that an account changed.</summary>
internal interface IBalanceChanges
{
    /// <summary>
    /// Yields what the account can still pay, at once, then on each change, at most about four times a second; ends when cancelled.
    /// </summary>
    IAsyncEnumerable<ulong> WatchAsync(AccountId account, CancellationToken cancellation);

    /// <summary>
    /// Calls back with any account that changed, until disposed. Of changes close together only the first is published: a caller that
    /// waits five seconds before it reads misses none.
    /// </summary>
    IDisposable Listen(Action<AccountId> changed);
}
