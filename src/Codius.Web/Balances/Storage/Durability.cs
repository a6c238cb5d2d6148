using System.Globalization;
using StackExchange.Redis;

namespace Codius.Web.Balances.Storage;

/// <summary>A store's durability settings, compared with what a ledger needs (MONEY 8).</summary>
/// <param name="Settings">What health shows.</param>
/// <param name="Faults">Why it may lose money: Production does not start with any.</param>
/// <param name="Warnings">What may end it, or stop it from taking money; nothing is lost by it.</param>
internal sealed record Durability(
    IReadOnlyDictionary<string, object?> Settings, IReadOnlyList<string> Faults, IReadOnlyList<string> Warnings)
{
    public const string UsedMemory = "usedMemory";
    public const string MaxMemory = "maxMemory";

    /// <summary>The part of its memory that a store may use before its owner is told.</summary>
    private const double NearlyFull = 0.9;

    /// <summary>The first version of Redis whose scripts and append-only file work as the ledger needs.</summary>
    private static readonly Version Oldest = new(7, 2);

    /// <summary>Of the embedded store, which is always started with these settings.</summary>
    public static Durability OfEmbedded { get; } = new(
        new Dictionary<string, object?>
        {
            ["store"] = "Garnet, in this process",
            ["appendOnlyFile"] = true,
            ["answersAfterCommit"] = true,
            ["evicts"] = false,
        },
        [], []);

    /// <summary>The settings of each master of a cluster, by its address; else the one store's, without an address.</summary>
    public IReadOnlyList<(string Node, IReadOnlyDictionary<string, object?> Settings)> Masters { get; init; } = [("", Settings)];

    /// <summary>Of a Redis of the host's own.</summary>
    public static async Task<Durability> ReadAsync(IServer server)
    {
        var info = (await server.InfoAsync()).SelectMany(section => section).DistinctBy(pair => pair.Key)
            .ToDictionary(pair => pair.Key, pair => pair.Value);
        return Judge(info, await FsyncAsync(server));
    }

    /// <summary>Judges the result of <c>INFO</c>.</summary>
    public static Durability Judge(IReadOnlyDictionary<string, string> info, string? fsync)
    {
        var faults = new List<string>();
        var version = info.GetValueOrDefault("redis_version") ?? "unknown";
        if (!Version.TryParse(version, out var parsed) || parsed < Oldest)
            faults.Add($"Redis is version {version}; balances want {Oldest} or later.");
        var appendOnly = info.GetValueOrDefault("aof_enabled") == "1";
        if (!appendOnly)
            faults.Add("Redis keeps no append-only file, so a restart forgets what was paid. Set `appendonly yes`.");
        var lastWrite = info.GetValueOrDefault("aof_last_write_status") ?? "ok";
        if (lastWrite != "ok")
            faults.Add("Redis could not write its append-only file the last time. Look at its disk.");
        var eviction = info.GetValueOrDefault("maxmemory_policy") ?? "unknown";
        if (eviction != "noeviction")
            faults.Add(
                $"Redis may forget balances when its memory is full (maxmemory-policy is {eviction}). Set `maxmemory-policy noeviction`.");
        var settings = new Dictionary<string, object?>
        {
            ["store"] = "Redis",
            ["version"] = version,
            ["appendOnlyFile"] = appendOnly,
            ["appendFsync"] = fsync ?? "not told",
            ["maxmemoryPolicy"] = eviction,
            [MaxMemory] = Bytes(info, "maxmemory"),
            [UsedMemory] = Bytes(info, "used_memory"),
            ["role"] = info.GetValueOrDefault("role"),
        };
        return new Durability(settings, faults, [.. MemoryWarnings(Bytes(info, "maxmemory"), Bytes(info, "used_memory"))]);
    }

    private static IEnumerable<string> MemoryWarnings(long? most, long? used)
    {
        if (most is null or 0)
            yield return "Redis has no bound on its memory, so strangers' payments could fill the machine until it is killed. Set "
                + "`maxmemory` well below what its machine or pod has: then it refuses writes instead.";
        else if (used >= most * NearlyFull)
            yield return
                $"Redis has used {used * 100 / most} percent of its memory (maxmemory is {most} bytes); full, it takes no payments.";
    }

    private static long? Bytes(IReadOnlyDictionary<string, string> info, string key) =>
        long.TryParse(info.GetValueOrDefault(key), NumberStyles.None, CultureInfo.InvariantCulture, out var bytes) ? bytes : null;

    private static async Task<string?> FsyncAsync(IServer server)
    {
        try
        {
            return (await server.ConfigGetAsync("appendfsync")).Select(pair => pair.Value).FirstOrDefault();
        }
        catch (RedisException)
        {
            return null; // a managed Redis may forbid reading its settings
        }
    }
}
