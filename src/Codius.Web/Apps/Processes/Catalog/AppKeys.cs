using Codius.Web.Balances;
using StackExchange.Redis;

namespace Codius.Web.Apps.Processes.Catalog;

/// <summary>
/// The keys of apps in the ledger's Redis. All share one slot, so that one transaction can change them together.
/// A test freezes the stored format: it may only grow.
/// </summary>
internal static class AppKeys
{
    /// <summary>Hash, name → <see cref="IndexEntry"/>: all that the catalog needs, so that 100,000 apps are read at once.</summary>
    public static RedisKey Index { get; } = "codius-apps:{all}:index";

    /// <summary>Hash, name → <see cref="ManifestEntry"/>: the manifest in full, secrets included.</summary>
    public static RedisKey Manifests { get; } = "codius-apps:{all}:manifests";

    /// <summary>Number that rises with each change: a gateway that has seen another one reads again.</summary>
    public static RedisKey Version { get; } = "codius-apps:{all}:version";

    /// <summary>Set: the names a deploy account owns.</summary>
    public static RedisKey OwnedBy(AccountId owner) => $"codius-apps:{{all}}:owned-by:{owner}";

    /// <summary>Channel: the app of this name changed.</summary>
    public static RedisChannel Changes { get; } = RedisChannel.Literal("codius-apps:changed");
}
