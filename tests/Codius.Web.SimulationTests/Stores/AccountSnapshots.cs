using StackExchange.Redis;

namespace Codius.Web.SimulationTests.Stores;

/// <summary>Copies all keys of an account, and puts them back: what a replica had when its primary was lost.</summary>
internal sealed class AccountSnapshots(IDatabase database)
{
    public List<(RedisKey Key, Action Restore)> Take(IEnumerable<RedisKey> keys) =>
        [.. keys.OrderBy(key => (string)key!, StringComparer.Ordinal).Select(key => (key, Copy(key)))];

    public void Restore(IEnumerable<RedisKey> keys, List<(RedisKey Key, Action Restore)> snapshot)
    {
        Delete(keys);
        foreach (var (_, restore) in snapshot) restore();
    }

    public void Delete(IEnumerable<RedisKey> keys) => database.KeyDelete([.. keys]);

    private Action Copy(RedisKey key)
    {
        switch (database.KeyType(key))
        {
            case RedisType.Hash:
                var fields = database.HashGetAll(key);
                return () => database.HashSet(key, fields);
            case RedisType.SortedSet:
                var members = database.SortedSetRangeByRankWithScores(key);
                return () => database.SortedSetAdd(key, members);
            case RedisType.List:
                var elements = database.ListRange(key);
                return () => database.ListRightPush(key, elements);
            case RedisType.String:
                var text = database.StringGet(key);
                return () => database.StringSet(key, text);
            default:
                return () => { };
        }
    }
}
