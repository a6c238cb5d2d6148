using Codius.Web.Balances;
using Codius.Web.Balances.Storage;
using StackExchange.Redis;

namespace Codius.Web.Deploying.Unpaid;

/// <summary>
/// Which gateway of the host looks for apps that nobody pays for: the first one that comes, once a day by the store's clock. Only the work
/// is divided by it: if two look at once, or again on the same day, each day still counts once.
/// </summary>
internal sealed class UnpaidTurn(RedisStore store)
{
    /// <summary>String: a gateway looks, or has looked today; in no account's slot.</summary>
    public static readonly RedisKey Key = "codius:{:unpaid}";

    private static readonly TimeSpan Held = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    /// <summary>False if another gateway looks, or one has looked today. One that crashes is replaced after ten minutes.</summary>
    /// <exception cref="LedgerUnavailableException">The store is unavailable.</exception>
    public Task<bool> TryBeginAsync() => SetAsync("looking", Held, When.NotExists);

    /// <summary>The look goes on.</summary>
    /// <exception cref="LedgerUnavailableException">The store is unavailable.</exception>
    public Task RenewAsync() => SetAsync("looking", Held);

    /// <summary>All apps were looked at: the next look is tomorrow's.</summary>
    /// <exception cref="LedgerUnavailableException">The store is unavailable.</exception>
    public Task EndAsync() => SetAsync("looked", Day);

    private Task<bool> SetAsync(string text, TimeSpan lifetime, When when = When.Always) => StoreTrouble.TranslateAsync(
        () => store.Connection.GetDatabase().StringSetAsync(Key, text, lifetime, when: when),
        "Whose turn it is to look at the apps cannot be read or written.");
}
