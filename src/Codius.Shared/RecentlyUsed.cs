using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Codius.Shared;

/// <summary>
/// Keeps the values of the keys that were used last, however many keys there are: the values live in two generations, and when the younger
/// one is full the older one is dropped as a whole. A new key is never refused, and one that is in use stays.
/// </summary>
/// <param name="generation">Keys of one generation; twice as many are kept at most.</param>
/// <param name="comparer">How keys are compared; null for their own equality.</param>
internal sealed class RecentlyUsed<TKey, TValue>(int generation, IEqualityComparer<TKey>? comparer = null) where TKey : notnull
{
    private readonly Lock _turning = new();
    private volatile ConcurrentDictionary<TKey, TValue> _young = new(comparer);
    private volatile ConcurrentDictionary<TKey, TValue> _old = new(comparer);

    /// <summary>Values kept now.</summary>
    public int Count => _young.Count + _old.Count;

    /// <summary>The value of a key, which counts as a use of it.</summary>
    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        if (_young.TryGetValue(key, out value)) return true;
        if (!_old.TryRemove(key, out value)) return false;
        Add(key, value);
        return true;
    }

    /// <summary>The value of a key, made if there is none.</summary>
    public TValue GetOrAdd(TKey key, Func<TKey, TValue> make) => TryGet(key, out var value) ? value : Add(key, make(key));

    /// <summary>Takes a key out.</summary>
    public bool Remove(TKey key, [MaybeNullWhen(false)] out TValue value) =>
        _young.TryRemove(key, out value) || _old.TryRemove(key, out value);

    private TValue Add(TKey key, TValue value)
    {
        // Count takes all locks of the dictionary, but only for new keys.
        if (_young.Count >= generation) Turn();
        return _young.GetOrAdd(key, value);
    }

    private void Turn()
    {
        lock (_turning)
        {
            if (_young.Count < generation) return;
            _old = _young;
            _young = new ConcurrentDictionary<TKey, TValue>(comparer);
        }
    }
}
