using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;
using Codius.Web.Balances;
using Codius.Web.Balances.Storage;
using Codius.Web.Hosting.AdminAccess;
using StackExchange.Redis;

namespace Codius.Web.Admin.Access;

/// <summary>
/// The tokens that admins made, in the store. A gateway reads them at most every two seconds, so that is how long one that was revoked at
/// another gateway still works here; without the store those that it knows may only read, and not for long.
/// </summary>
internal sealed partial class AdminTokens(RedisStore store, TimeProvider time) : IDisposable
{
    /// <summary>How many there may be.</summary>
    public const int Most = 100;

    /// <summary>The longest that one may last.</summary>
    public static readonly TimeSpan LongestLife = TimeSpan.FromDays(366);

    private const string Prefix = "codius-admin-";
    private const string Unavailable = "Admin tokens cannot be read or written.";
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan FreshForUnknown = TimeSpan.FromMilliseconds(250);

    private readonly SemaphoreSlim _reading = new(1, 1);
    private volatile int _failures;
    private volatile Snapshot _read = new(FrozenDictionary<string, NamedToken>.Empty, null);

    /// <summary>True for a name that a token may have.</summary>
    public static bool IsName(string? name) => name is not null && name != AdminIdentity.OfSettings && Name().IsMatch(name);

    /// <summary>True for a text that has the form of a token that was made.</summary>
    public static bool IsMade(string token) => token.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>The token with a hash, also an expired one; null if there is none.</summary>
    /// <exception cref="LedgerUnavailableException">The store is unavailable.</exception>
    public async ValueTask<NamedToken?> FindAsync(byte[] hash)
    {
        var text = Convert.ToBase64String(hash);
        if (!IsOlderThan(Fresh) && _read.ByHash.TryGetValue(text, out var known)) return known;
        // One that another gateway made a moment ago; guesses cause a few reads a second at most.
        await ReadAsync(FreshForUnknown);
        return _read.ByHash.GetValueOrDefault(text);
    }

    /// <summary>The same from memory alone: null also for a token that was not read yet.</summary>
    public NamedToken? FindRead(byte[] hash) => _read.ByHash.GetValueOrDefault(Convert.ToBase64String(hash));

    /// <summary>The same, if the store was last read within an age.</summary>
    public NamedToken? FindRead(byte[] hash, TimeSpan within) => IsOlderThan(within) ? null : FindRead(hash);

    /// <summary>All tokens, by name.</summary>
    /// <exception cref="LedgerUnavailableException">The store is unavailable.</exception>
    public async ValueTask<IReadOnlyList<NamedToken>> ListAsync()
    {
        await ReadAsync();
        return [.. _read.ByHash.Values.OrderBy(token => token.Name, StringComparer.Ordinal)];
    }

    /// <summary>Makes a token.</summary>
    /// <returns>The token, which is shown this once; null if the name is in use or there are too many.</returns>
    /// <exception cref="LedgerUnavailableException">The store is unavailable.</exception>
    public async ValueTask<(string Token, NamedToken Record)?> MakeAsync(
        string name, IReadOnlyList<AdminScope> scopes, DateTimeOffset expiresAt, string by)
    {
        var token = Prefix + RandomNumberGenerator.GetHexString(48, lowercase: true);
        var record = new NamedToken(
            name, Convert.ToBase64String(AdminToken.Hash(token)), scopes, time.GetUtcNow(), by, expiresAt);
        var made = await CallAsync(async database =>
            await database.HashLengthAsync(AdminKeys.Tokens) < Most
            && await database.HashSetAsync(
                AdminKeys.Tokens, name, JsonSerializer.Serialize(record, AdminJson.Default.NamedToken), When.NotExists));
        await TryReadAsync();
        return made ? (token, record) : null;
    }

    /// <summary>Ends a token; false if there is none of that name.</summary>
    /// <exception cref="LedgerUnavailableException">The store is unavailable.</exception>
    public async ValueTask<bool> RevokeAsync(string name)
    {
        try
        {
            var was = await CallAsync(database => database.HashDeleteAsync(AdminKeys.Tokens, name));
            await TryReadAsync();
            return was;
        }
        catch (LedgerUnavailableException)
        {
            // It may be revoked: from memory it works no more.
            _read = _read with { At = null };
            throw;
        }
    }

    public void Dispose() => _reading.Dispose();

    private bool IsOlderThan(TimeSpan age) => _read.At is not { } at || time.GetElapsedTime(at) > age;

    /// <summary>Reads what was just changed. The change is made whatever becomes of that: at worst the next look-up reads again.</summary>
    private async ValueTask TryReadAsync()
    {
        try
        {
            await ReadAsync();
        }
        catch (LedgerUnavailableException)
        {
            _read = _read with { At = null };
        }
    }

    /// <summary>Reads the tokens, unless they were read within an age; null: in any case.</summary>
    private async ValueTask ReadAsync(TimeSpan? unlessWithin = null)
    {
        if (unlessWithin is { } before && !IsOlderThan(before)) return;
        var failures = _failures;
        await _reading.WaitAsync();
        try
        {
            // Of many that waited, the first has read for all, or waited for a store that does not answer.
            if (unlessWithin is { } meanwhile && !IsOlderThan(meanwhile)) return;
            if (unlessWithin is not null && failures != _failures) throw new LedgerUnavailableException(Unavailable);
            // Before the read: what changes meanwhile may be missing in it.
            var at = time.GetTimestamp();
            var fields = await CallAsync(database => database.HashGetAllAsync(AdminKeys.Tokens));
            _read = new Snapshot(
                fields.Select(field => JsonSerializer.Deserialize((string)field.Value!, AdminJson.Default.NamedToken)!)
                    .ToFrozenDictionary(token => token.Hash, StringComparer.Ordinal), at);
        }
        catch (LedgerUnavailableException)
        {
            _failures++; // under the semaphore
            throw;
        }
        finally
        {
            _reading.Release();
        }
    }

    private Task<T> CallAsync<T>(Func<IDatabase, Task<T>> call) => StoreTrouble.TranslateAsync(
        () => call(store.Connection.GetDatabase()), Unavailable);

    [GeneratedRegex(@"\A[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?\z")]
    private static partial Regex Name();

    private sealed record Snapshot(FrozenDictionary<string, NamedToken> ByHash, long? At);
}
