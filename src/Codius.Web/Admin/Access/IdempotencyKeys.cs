using System.Security.Cryptography;
using System.Text;
using Codius.Web.Balances;
using Codius.Web.Balances.Storage;

namespace Codius.Web.Admin.Access;

/// <summary>
/// Remembers for a week which request an admin sent with which Idempotency-Key, so that a key is not used for another one by mistake.
/// </summary>
/// <remarks>That a repeat moves no money twice is the ledger's to hold: the key is the id of the change there.</remarks>
internal sealed class IdempotencyKeys(RedisStore store)
{
    /// <summary>The longest key, in characters.</summary>
    public const int MaxLength = 64;

    private static readonly TimeSpan Kept = TimeSpan.FromDays(7);

    /// <summary>True for 1 to 64 visible ASCII characters.</summary>
    public static bool IsKey(string? key) => key is { Length: > 0 and <= MaxLength } && key.All(letter => letter is > ' ' and < '\x7f');

    /// <summary>The id of the change in the ledger: the keys of two admins are two ids.</summary>
    public static string IdOf(AdminIdentity admin, string key) => $"{admin.Name}:{key}";

    /// <summary>False if the admin has sent another request with this key.</summary>
    /// <exception cref="LedgerUnavailableException">The store is unavailable.</exception>
    public async ValueTask<bool> TryUseAsync(AdminIdentity admin, string key, string request)
    {
        var name = AdminKeys.Idempotency(admin.Name, key);
        var print = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(request)));
        var before = await StoreTrouble.TranslateAsync(async () =>
        {
            var database = store.Connection.GetDatabase();
            return await database.StringSetAsync(name, print, Kept, StackExchange.Redis.When.NotExists)
                ? print : (string?)await database.StringGetAsync(name);
        }, "Idempotency keys cannot be read or written.");
        return before is null || before == print;
    }
}
