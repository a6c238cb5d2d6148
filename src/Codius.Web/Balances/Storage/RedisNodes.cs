using System.Globalization;
using StackExchange.Redis;

namespace Codius.Web.Balances.Storage;

/// <summary>Which masters a store has: one, or those of a Redis Cluster.</summary>
internal sealed class RedisNodes(IConnectionMultiplexer connection)
{
    // Enough that of any hundred masters each has one, however the slots are shared out.
    private const int Candidates = 2048;

    private readonly Lazy<(RedisKey Key, int Slot)[]> _candidates = new(() =>
    [
        .. Enumerable.Range(0, Candidates).Select(number =>
        {
            RedisKey key = $"{BalanceKeys.Probe}:{number.ToString(CultureInfo.InvariantCulture)}";
            return (key, connection.HashSlot(key));
        }),
    ]);

    private uint _turn;
    private volatile bool _isCluster;

    /// <summary>True if accounts are spread over several masters, by their slots. A store that was seen as a cluster stays one.</summary>
    public bool IsCluster =>
        _isCluster || (_isCluster = connection.GetServers().Any(server => server is { IsConnected: true, ServerType: ServerType.Cluster }));

    /// <summary>
    /// For each master a key of a list that never exists, in a slot of its. The masters are those that the cluster knows now, also one
    /// that is gone and has no successor yet.
    /// </summary>
    public async Task<IReadOnlyList<RedisKey>> KeyOfEachMasterAsync()
    {
        if (!IsCluster) return [BalanceKeys.Probe];
        IServer[] masters = [.. connection.GetServers().Where(server => server is { IsConnected: true, IsReplica: false })];
        if (masters.Length == 0) return [BalanceKeys.Probe];
        // Each in turn: one that is frozen answers nothing, and must not be all that is asked.
        var nodes = (await masters[Interlocked.Increment(ref _turn) % (uint)masters.Length].ClusterNodesAsync())?.Nodes ?? [];
        RedisKey[] keys =
        [
            .. nodes.Where(node => !node.IsReplica)
                .Select(master => _candidates.Value.FirstOrDefault(one => Has(master, one.Slot)).Key)
                .Where(key => key != default(RedisKey)),
        ];
        return keys.Length == 0 ? [BalanceKeys.Probe] : keys;
    }

    private static bool Has(ClusterNode master, int slot) => master.Slots.Any(range => range.From <= slot && slot <= range.To);
}
