using System.Security.Cryptography;
using System.Text;
using Codius.Web.Balances;
using Codius.Web.Balances.Storage;
using StackExchange.Redis;

namespace Codius.Web.Admin.Access;

/// <summary>What is known of a request with an Idempotency-Key.</summary>
internal enum KeyUse
{
    /// <summary>It is new.</summary>
    Open,

    /// <summary>It was begun before, and what became of it is not known: only the ledger can tell.</summary>
    Begun,

    /// <summary>It was done before.</summary>
    Finished,

    /// <summary>The admin has sent another request with this key.</summary>
    OtherRequest,
}

/// <summary>
/// Remembers for a week which request an admin sent with which Idempotency-Key and whether it was done, so that a key is neither used for
/// another one by mistake nor twice.
/// </summary>
/// <remarks>
/// The key is also the id of the change in the ledger, which forgets an id after a thousand others of the account: that covers repeats at
/// the same time, and a crash between the change and <see cref="FinishAsync"/>. A repeat after both, a crash and a thousand others, is
/// refused: see <see cref="BegunAtAsync"/>.
/// </remarks>
internal sealed class IdempotencyKeys(RedisStore store, TimeProvider time)
{
    /// <summary>The longest key, in characters.</summary>
    public const int MaxLength = 64;

    private const string Finished = " done";
    private static readonly TimeSpan Kept = TimeSpan.FromDays(7);

    /// <summary>True for 1 to 64 visible ASCII characters.</summary>
    public static bool IsKey(string? key) => key is { Length: > 0 and <= MaxLength } && key.All(letter => letter is > ' ' and < '\x7f');

    /// <summary>The id of the change in the ledger: the keys of two admins are two ids.</summary>
    public static string IdOf(AdminIdentity admin, string key) => $"{admin.Name}:{key}";

    /// <summary>Uses a key for a request, and says what is known of it.</summary>
    /// <exception cref="LedgerUnavailableException">The store is unavailable.</exception>
    public async ValueTask<KeyUse> UseAsync(AdminIdentity admin, string key, string request)
    {
        var (name, print) = (AdminKeys.Idempotency(admin.Name, key), PrintOf(request));
        var before = await CallAsync(async database =>
            await database.StringSetAsync(name, print, Kept, When.NotExists) ? null : (string?)await database.StringGetAsync(name));
        return before is null ? KeyUse.Open : before == print ? KeyUse.Begun : before == print + Finished ? KeyUse.Finished
            : KeyUse.OtherRequest;
    }

    /// <summary>When the request with a key was begun, by what is left of the key's time.</summary>
    /// <exception cref="LedgerUnavailableException">The store is unavailable.</exception>
    public async ValueTask<DateTimeOffset> BegunAtAsync(AdminIdentity admin, string key) =>
        time.GetUtcNow() - Kept + (await CallAsync(database => database.KeyTimeToLiveAsync(AdminKeys.Idempotency(admin.Name, key)))
            ?? TimeSpan.Zero);

    /// <summary>Records that the request was done.</summary>
    /// <exception cref="LedgerUnavailableException">The store is unavailable.</exception>
    public async ValueTask FinishAsync(AdminIdentity admin, string key, string request) => await CallAsync(database =>
        database.StringSetAsync(AdminKeys.Idempotency(admin.Name, key), PrintOf(request) + Finished, Kept));

    private static string PrintOf(string request) => Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(request)));

    private Task<T> CallAsync<T>(Func<IDatabase, Task<T>> call) => StoreTrouble.TranslateAsync(
        () => call(store.Connection.GetDatabase()), "Idempotency keys cannot be read or written.");
}
