using Codius.Web.Balances;
using Codius.Web.Balances.Storage;
using StackExchange.Redis;

namespace Codius.Web.Admin.Alerts;

/// <summary>
/// Marks in the ledger's Redis that let gateways which see the same alert send it once. A mark is <c>sending</c> with the gateway that
/// sends, for two minutes that this one renews, until the message was taken or is stored; then <c>sent</c>, for a week that any gateway
/// renews which sees the alert. So an alert is sent anew if the gateway crashes before. What follows is for a gateway that starts while the
/// alert lasts.
/// </summary>
/// <remarks>
/// Not a script: of two gateways one sets the mark, and no money depends on it. While the store is away each gateway sends for itself: that
/// is an alert of its own, and must not wait for the store.
/// </remarks>
internal sealed class AlertMarks(RedisStore store)
{
    /// <summary>How long it is known that an alert was sent while no gateway runs: longer than a host is away.</summary>
    public static readonly TimeSpan SentFor = TimeSpan.FromDays(7);

    private const string Sent = "sent";
    private static readonly TimeSpan SendingFor = TimeSpan.FromMinutes(2);
    private readonly string _sending = $"sending {Guid.NewGuid():n}";

    /// <summary>True if this gateway must send that the alert began; from then on it calls <see cref="TryRenewAsync"/>.</summary>
    /// <exception cref="LedgerUnavailableException">The store is away.</exception>
    public Task<bool> TryClaimAsync(string alert, string? memory) => store.OfAlertsAsync(async database =>
    {
        var key = BalanceKeys.Alert(alert);
        if (await database.StringSetAsync(key, Text(false, memory), SendingFor, when: When.NotExists)) return true;
        if (PartsOf(await database.StringGetAsync(key)) is [Sent, ..]) await database.KeyExpireAsync(key, SentFor);
        return false;
    });

    /// <summary>This gateway still sends the message, or it is safe; false if the mark is gone.</summary>
    /// <exception cref="LedgerUnavailableException">The store is away.</exception>
    public Task<bool> TryRenewAsync(string alert, bool isSent, string? memory) => store.OfAlertsAsync(database => database.StringSetAsync(
        BalanceKeys.Alert(alert), Text(isSent, memory), isSent ? SentFor : SendingFor, when: When.Exists));

    /// <summary>This gateway began to send the message while the store was away, and it is to be sent no more than that.</summary>
    /// <exception cref="LedgerUnavailableException">The store is away.</exception>
    public Task SetAsync(string alert, bool isSent, string? memory) => store.OfAlertsAsync(database => database.StringSetAsync(
        BalanceKeys.Alert(alert), Text(isSent, memory), isSent ? SentFor : SendingFor));

    /// <summary>True if this gateway must send that the alert ended: of those that have seen it, one.</summary>
    /// <exception cref="LedgerUnavailableException">The store is away.</exception>
    public Task<bool> TryEndAsync(string alert) => store.OfAlertsAsync(database => database.KeyDeleteAsync(BalanceKeys.Alert(alert)));

    /// <summary>What a gateway left in the marks of these alerts, in their order; null where there is no mark.</summary>
    /// <exception cref="LedgerUnavailableException">The store is away.</exception>
    public Task<string?[]> ReadAsync(IEnumerable<string> alerts) => store.OfAlertsAsync(async database =>
    {
        var marks = await Task.WhenAll(alerts.Select(alert => database.StringGetAsync(BalanceKeys.Alert(alert))));
        return Array.ConvertAll(marks, mark => mark.IsNull ? null : PartsOf(mark) switch
        {
            [Sent, var memory, ..] => memory,
            [_, _, var memory] => memory,
            _ => "",
        });
    });

    private string Text(bool isSent, string? memory) => (isSent ? Sent : _sending) + (memory is null ? "" : $" {memory}");

    private static string[] PartsOf(RedisValue mark) => mark.ToString().Split(' ');
}
