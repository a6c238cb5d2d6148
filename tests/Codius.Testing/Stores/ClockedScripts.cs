using System.Globalization;
using Codius.Web.Balances;
using Codius.Web.Balances.Storage;
using StackExchange.Redis;

namespace Codius.Testing.Stores;

/// <summary>The ledger's real scripts, on a clock that a test moves; the ends of keys stay on the store's own.</summary>
internal sealed class ClockedScripts(LedgerStore store, TimeProvider time, Prices? prices = null)
    : LedgerScripts(store.Store, store.Health, prices)
{
    // The last argument is the time.
    private const string Head = """
        local given, at = ARGV, ARGV[#ARGV]
        local ARGV = {}
        for i = 1, #given - 1 do ARGV[i] = given[i] end
        local clockNow = { string.sub(at, 1, -4), string.sub(at, -3) .. '000' }

        """;

    /// <summary>A rule that is broken: the text of a script, and what stands there instead.</summary>
    public (string From, string To)? Broken { get; set; }

    protected override async Task<RedisResult> EvaluateAsync(
        IDatabase database, LedgerScript script, RedisKey[] keys, RedisValue[] arguments)
    {
        var text = Head + script.Text.Replace("redis.call('TIME')", "clockNow", StringComparison.Ordinal);
        if (Broken is { } rule) text = text.Replace(rule.From, rule.To, StringComparison.Ordinal);
        var now = time.GetUtcNow().ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        return await database.ScriptEvaluateAsync(text, keys, [.. arguments, now]);
    }
}
