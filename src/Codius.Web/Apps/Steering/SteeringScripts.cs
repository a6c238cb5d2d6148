using StackExchange.Redis;

namespace Codius.Web.Apps.Steering;

/// <summary>
/// The keys of what is set for apps, and the scripts that change them; all in the slot of the apps. A test freezes the stored format.
/// </summary>
internal static class SteeringScripts
{
    /// <summary>Hash, name → <see cref="SteeringEntry"/>.</summary>
    public static RedisKey Entries { get; } = "codius-apps:{all}:steering";

    /// <summary>Number that rises with each change: also the versions of single names, so that none comes twice.</summary>
    public static RedisKey Version { get; } = "codius-apps:{all}:steering-version";

    /// <summary>Channel: something is set for this name.</summary>
    public static RedisChannel Changes { get; } = RedisChannel.Literal("codius-apps:steering-changed");

    public static RedisKey[] Keys { get; } = [Entries, Version];

    /// <summary>ARGV: name, expected version, the rest. Returns 0 if the name has another version.</summary>
    public const string Change = """
        local entry = redis.call('HGET', KEYS[1], ARGV[1])
        local version, sleep = '0', '0'
        if entry then version, sleep = string.match(entry, '^(%d+) (%d+) ') end
        if not version then version, sleep = '0', '0' end
        if version ~= ARGV[2] then return 0 end
        local now = string.format('%.0f', redis.call('INCR', KEYS[2]))
        if ARGV[3] == '{}' and sleep == '0' then redis.call('HDEL', KEYS[1], ARGV[1])
        else redis.call('HSET', KEYS[1], ARGV[1], now .. ' ' .. sleep .. ' ' .. ARGV[3]) end
        return 1
        """;

    /// <summary>ARGV: name. The version of the name stays: a request to sleep contradicts no other admin.</summary>
    public const string Sleep = """
        local entry = redis.call('HGET', KEYS[1], ARGV[1])
        local version, rest = '0', '{}'
        if entry then version, rest = string.match(entry, '^(%d+) %d+ (.*)$') end
        -- What cannot be read may be a block, and sleeps already: an empty entry would open the app.
        if not version then return 0 end
        local now = string.format('%.0f', redis.call('INCR', KEYS[2]))
        redis.call('HSET', KEYS[1], ARGV[1], version .. ' ' .. now .. ' ' .. rest)
        return 1
        """;

    /// <summary>ARGV: name.</summary>
    public const string Forget = """
        if redis.call('HDEL', KEYS[1], ARGV[1]) > 0 then redis.call('INCR', KEYS[2]) end
        return 1
        """;
}
