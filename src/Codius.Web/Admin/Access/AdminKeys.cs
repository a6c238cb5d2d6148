using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using StackExchange.Redis;

namespace Codius.Web.Admin.Access;

/// <summary>The keys of what the owner's API keeps in the store, in a slot of their own.</summary>
internal static class AdminKeys
{
    /// <summary>Hash: the tokens by name.</summary>
    public static RedisKey Tokens { get; } = "codius:{:admin}:tokens";

    /// <summary>Sorted set: the changes that admins made, in order of time.</summary>
    public static RedisKey Audit { get; } = "codius:{:admin}:audit";

    /// <summary>String: a hash of the request that an admin sent with an Idempotency-Key.</summary>
    public static RedisKey Idempotency(string admin, string key) =>
        $"codius:{{:admin}}:idempotency:{admin}:{Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(key)))}";
}
