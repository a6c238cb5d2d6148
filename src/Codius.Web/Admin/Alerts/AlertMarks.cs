using Codius.Web.Balances;
using Codius.Web.Balances.Storage;
using StackExchange.Redis;

namespace Codius.Web.Admin.Alerts;

/// <summary>
/// Marks in the ledger's Redis that let gateways which see the same alert send it once. A mark is <c>sending</c> with the gateway that
/// sends, for two minutes that this one renews, or <c>sent</c>, for an hour that any gateway renews which sees the alert. So an alert is
/// sent anew if the gateway crashes before its message was taken.
/// </summary>
/// <remarks>
/// Not a script: of two gateways one sets the mark, and no money depends on it. While the store is away each gateway sends for itself: that
/// is an alert of its own, and must not wait for the store.
/// </remarks>
internal sealed class AlertMarks(RedisStore store)
{
    private const string Sent = "sent";
    private static readonly TimeSpan SendingFor = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan SentFor = TimeSpan.FromHours(1);

    private readonly string _sending = $"sending {Guid.NewGuid():n}";

    /// <summary>True if this gateway must send that the alert began; from then on it calls <see cref="TryRenewAsync"/>.</summary>
    /// <exception cref="LedgerUnavailableException">The store is away.</exception>
    public Task<bool> TryClaimAsync(string alert) => ExecuteAsync(async database =>
    {
        var key = BalanceKeys.Alert(alert);
        if (await database.StringSetAsync(key, _sending, SendingFor, when: When.NotExists)) return true;
        if (await database.StringGetAsync(key) == Sent) await database.KeyExpireAsync(key, SentFor);
        return false;
    });

    /// <summary>This gateway still sends the message, or its message was taken; false if the mark is gone.</summary>
    /// <exception cref="LedgerUnavailableException">The store is away.</exception>
    public Task<bool> TryRenewAsync(string alert, bool isSent) => ExecuteAsync(database => database.StringSetAsync(
        BalanceKeys.Alert(alert), isSent ? Sent : _sending, isSent ? SentFor : SendingFor, when: When.Exists));

    /// <summary>This gateway began to send the message while the store was away, and it is to be sent no more than that.</summary>
    /// <exception cref="LedgerUnavailableException">The store is away.</exception>
    public Task SetAsync(string alert, bool isSent) => ExecuteAsync(database => database.StringSetAsync(
        BalanceKeys.Alert(alert), isSent ? Sent : _sending, isSent ? SentFor : SendingFor));

    /// <summary>True if this gateway must send that the alert ended: of those that have seen it, one.</summary>
    /// <exception cref="LedgerUnavailableException">The store is away.</exception>
    public Task<bool> TryEndAsync(string alert) => ExecuteAsync(database => database.KeyDeleteAsync(BalanceKeys.Alert(alert)));

    private Task<T> ExecuteAsync<T>(Func<IDatabase, Task<T>> command) => StoreTrouble.TranslateAsync(
        () => command(store.Connection.GetDatabase()), "The store of alerts did not answer.");
}
