using System.Globalization;
using Codius.Web.Balances.Storage;
using StackExchange.Redis;

namespace Codius.Web.Balances.Marks;

/// <summary>Reads whether an account's history can still tell that a change with an id was made.</summary>
internal sealed class ChangeHistory(RedisStore store)
{
    // As in history.lua: so many changes stay, and of more than the second number it is not the oldest alone that go.
    private const int Kept = 1_000;
    private const int Sorted = 5_000;
    private static readonly TimeSpan ClocksApart = TimeSpan.FromMinutes(2);

    /// <summary>True if the id is not there, and one of a change at that time or later may have been forgotten since.</summary>
    /// <exception cref="LedgerUnavailableException">The store is unavailable.</exception>
    public async Task<bool> MayHaveForgottenAsync(AccountId account, string id, DateTimeOffset since)
    {
        var history = BalanceKeys.History(account);
        if (await CallAsync(database => database.HashExistsAsync(history, id))) return false;
        var length = await CallAsync(database => database.HashLengthAsync(history));
        if (length is < Kept or > Sorted) return length > Sorted;
        var all = await CallAsync(database => database.HashGetAllAsync(history));
        return all.Length == 0 || all.Min(TimeOf) > (since - ClocksApart).ToUnixTimeMilliseconds();
    }

    // Kind, amount, time, reason.
    private static long TimeOf(HashEntry change) => ((string)change.Value!).Split(' ', 4) is [_, _, var at, ..]
        && long.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds) ? milliseconds : 0;

    private Task<T> CallAsync<T>(Func<IDatabase, Task<T>> call) => StoreTrouble.TranslateAsync(
        () => call(store.Connection.GetDatabase()), "The history of an account cannot be read.");
}
