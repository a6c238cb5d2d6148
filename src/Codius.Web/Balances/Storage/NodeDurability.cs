namespace Codius.Web.Balances.Storage;

/// <summary>The durability of one node of a store.</summary>
/// <param name="Node">Its address.</param>
/// <param name="IsReplica">True if it holds no money of its own until it replaces its master.</param>
/// <param name="Durability">How durable it is.</param>
internal sealed record NodeDurability(string Node, bool IsReplica, Durability Durability)
{
    /// <summary>
    /// A store is as durable as each of its masters; a replica's faults are warnings: they count from when it replaces its master.
    /// </summary>
    /// <exception cref="StackExchange.Redis.RedisException">There is no master.</exception>
    public static Durability Together(IReadOnlyList<NodeDurability> nodes)
    {
        NodeDurability[] masters = [.. nodes.Where(node => !node.IsReplica)];
        if (masters.Length == 0) throw new StackExchange.Redis.RedisException("No primary of the named Redis is connected.");
        var settings = new Dictionary<string, object?>(masters[0].Durability.Settings, StringComparer.Ordinal);
        if (masters.Length > 1)
        {
            settings["store"] = "Redis Cluster";
            settings["masters"] = masters.ToDictionary(node => node.Node, node => node.Durability.Settings);
        }
        return new Durability(
            settings, [.. masters.SelectMany(node => node.Named(node.Durability.Faults, masters.Length > 1))],
            [
                .. masters.SelectMany(node => node.Named(node.Durability.Warnings, masters.Length > 1)),
                .. nodes.Where(node => node.IsReplica).SelectMany(node => node.Durability.Faults.Select(fault =>
                    $"{node.Node} is a replica that would replace its master: {fault}")),
            ])
        {
            Masters = [.. masters.Select(node => (masters.Length > 1 ? node.Node : "", node.Durability.Settings))],
        };
    }

    private IEnumerable<string> Named(IReadOnlyList<string> texts, bool ofSeveral) =>
        ofSeveral ? texts.Select(text => $"{Node}: {text}") : texts;
}
