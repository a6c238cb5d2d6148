using System.Globalization;
using System.Net;
using Codius.Web.Balances.Storage;
using Codius.Web.Hosting.Secrets;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Codius.Web.Balances.Notes;

/// <summary>
/// What strangers make the host remember for nothing: that a thing, named by a short id, happened. One store for the whole host, bounded
/// in its number of notes (about 600 bytes each); when it is full, the client that has most loses its oldest. Each note has an end.
/// </summary>
/// <remarks>Whoever uses it says what a forgotten note costs: a flood never costs another client its notes, as long as that client has
/// fewer.</remarks>
internal sealed class BoundedNotes(
    RedisStore store, LedgerScripts scripts, LedgerHealth health, HostSecrets secrets, IOptions<NotesOptions> options, TimeProvider time)
{
    /// <summary>The longest that a note is kept, and all of them after the last one was written.</summary>
    public static readonly TimeSpan LongestLife = TimeSpan.FromDays(32);

    /// <summary>The longest id, in characters.</summary>
    public const int MaxIdLength = 128;

    private readonly ClientHash _clients = new(secrets, "clients of notes");
    private readonly IDatabase _database = store.Connection.GetDatabase();

    /// <summary>Writes a note; one that is there already is not changed.</summary>
    /// <param name="id">Its kind and name, 1 to 128 characters.</param>
    /// <param name="from">The client it counts for: an IPv4 address or an IPv6 /48, which one subscriber can have. Null if not
    /// known.</param>
    /// <param name="until">When it ends; at most <see cref="LongestLife"/> from now.</param>
    /// <returns>False if it was there.</returns>
    /// <exception cref="LedgerUnavailableException">The store is unavailable.</exception>
    public async ValueTask<bool> TryAddAsync(string id, IPAddress? from, DateTimeOffset until)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(id.Length, MaxIdLength);
        var answer = await scripts.TryRunAsync(LedgerScript.Note, BalanceKeys.Notes,
            [id, _clients.Of(from), until.ToUnixTimeMilliseconds(), options.Value.Most, (long)LongestLife.TotalMilliseconds]);
        return (answer ?? throw Unavailable(null))[0] == "written";
    }

    /// <summary>True if there is such a note.</summary>
    /// <exception cref="LedgerUnavailableException">The store is unavailable.</exception>
    public async ValueTask<bool> HasAsync(string id) => (await HaveAsync(id))[0];

    /// <summary>Which of several notes there are, in one request.</summary>
    /// <exception cref="LedgerUnavailableException">The store is unavailable.</exception>
    public async ValueTask<bool[]> HaveAsync(params string[] ids)
    {
        try
        {
            var found = await _database.HashGetAsync(BalanceKeys.Notes[0], [.. ids.Select(id => (RedisValue)id)]);
            return [.. found.Select(IsAlive)];
        }
        catch (Exception trouble) when (StoreTrouble.Is(trouble))
        {
            health.Failed("notes", trouble);
            throw Unavailable(trouble);
        }
    }

    private bool IsAlive(RedisValue note) =>
        (string?)note is { } text
        && long.Parse(text.AsSpan(text.LastIndexOf(',') + 1), NumberStyles.None, CultureInfo.InvariantCulture)
            > time.GetUtcNow().ToUnixTimeMilliseconds();

    private static LedgerUnavailableException Unavailable(Exception? cause) => new("Notes cannot be read or written.", cause);
}
