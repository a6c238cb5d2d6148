using StackExchange.Redis;

namespace Codius.Web.Balances.Storage;

/// <summary>What became of a script.</summary>
/// <param name="Values">Its result as texts; null if the store is unavailable or its answer was lost.</param>
/// <param name="WasRefused">True if the store answered with an error.</param>
internal readonly record struct ScriptResult(RedisValue[]? Values, bool WasRefused = false)
{
    /// <summary>True if the store answered, with whatever.</summary>
    public bool IsAnswered => Values is not null || WasRefused;
}
