using System.Diagnostics.CodeAnalysis;

namespace Codius.Web.Apps;

/// <summary>
/// An immutable hash table in many small parts: a changed copy shares all but the parts of the changed keys, whose number is about the
/// square root of the number of entries.
/// </summary>
internal sealed class PersistentMap<TKey, TValue> where TKey : notnull
{
    private readonly Dictionary<TKey, TValue>[] _parts;

    private PersistentMap(Dictionary<TKey, TValue>[] parts, int count) => (_parts, Count) = (parts, count);

    public static PersistentMap<TKey, TValue> Empty { get; } = new([[]], 0);

    public int Count { get; }

    public IEnumerable<TValue> Values => _parts.SelectMany(part => part.Values);

    public bool TryGetValue(TKey key, [MaybeNullWhen(false)] out TValue value) => PartOf(key).TryGetValue(key, out value);

    public TValue? GetValueOrDefault(TKey key) => PartOf(key).GetValueOrDefault(key);

    public bool ContainsKey(TKey key) => PartOf(key).ContainsKey(key);

    /// <summary>Begins a changed copy; this map stays as it is.</summary>
    public Builder ToBuilder() => new(_parts, Count);

    /// <summary>The keys whose values differ in another map, or that only one of the two has; what both share is not compared.</summary>
    public IEnumerable<TKey> KeysThatDiffer(PersistentMap<TKey, TValue> other)
    {
        if (_parts.Length != other._parts.Length)
        {
            return _parts.SelectMany(part => part.Keys).Union(other._parts.SelectMany(part => part.Keys))
                .Where(key => Differ(this, other, key));
        }
        return Enumerable.Range(0, _parts.Length).Where(index => !ReferenceEquals(_parts[index], other._parts[index]))
            .SelectMany(index => _parts[index].Keys.Union(other._parts[index].Keys)).Where(key => Differ(this, other, key));
    }

    private Dictionary<TKey, TValue> PartOf(TKey key) => _parts[IndexOf(key, _parts.Length)];

    private static bool Differ(PersistentMap<TKey, TValue> one, PersistentMap<TKey, TValue> other, TKey key) =>
        !(one.TryGetValue(key, out var mine) && other.TryGetValue(key, out var its) && EqualityComparer<TValue>.Default.Equals(mine, its));

    // The upper bits: the part itself uses the lower ones of its own hash.
    private static int IndexOf(TKey key, int parts) =>
        (int)(((uint)key.GetHashCode() * 0x9E3779B9UL & uint.MaxValue) * (uint)parts >> 32);

    /// <summary>A map that is changed in place; a part is copied at its first change.</summary>
    internal sealed class Builder
    {
        private readonly HashSet<Dictionary<TKey, TValue>> _own = new(ReferenceEqualityComparer.Instance);
        private Dictionary<TKey, TValue>[] _parts;
        private bool _ownsArray;

        internal Builder(Dictionary<TKey, TValue>[] parts, int count) => (_parts, Count) = (parts, count);

        public int Count { get; private set; }

        public TValue? GetValueOrDefault(TKey key) => _parts[IndexOf(key, _parts.Length)].GetValueOrDefault(key);

        public bool ContainsKey(TKey key) => _parts[IndexOf(key, _parts.Length)].ContainsKey(key);

        public void Set(TKey key, TValue value)
        {
            var part = OwnPartOf(key);
            if (!part.ContainsKey(key)) Count++;
            part[key] = value;
            // Four entries a part and part: 64 parts up to 16,384 entries, 1,024 up to four million.
            if (Count > (long)_parts.Length * _parts.Length * 4) Spread(_parts.Length * 4);
        }

        public void Remove(TKey key)
        {
            if (!ContainsKey(key)) return;
            OwnPartOf(key).Remove(key);
            Count--;
        }

        public PersistentMap<TKey, TValue> ToMap()
        {
            var map = new PersistentMap<TKey, TValue>(_parts, Count);
            // What the map has now is not this builder's any more.
            _own.Clear();
            _ownsArray = false;
            return map;
        }

        private Dictionary<TKey, TValue> OwnPartOf(TKey key)
        {
            var index = IndexOf(key, _parts.Length);
            if (_own.Contains(_parts[index])) return _parts[index];
            if (!_ownsArray) _parts = [.. _parts];
            _ownsArray = true;
            _parts[index] = new Dictionary<TKey, TValue>(_parts[index]);
            _own.Add(_parts[index]);
            return _parts[index];
        }

        private void Spread(int count)
        {
            var parts = new Dictionary<TKey, TValue>[count];
            for (var index = 0; index < count; index++) parts[index] = [];
            foreach (var (key, value) in _parts.SelectMany(part => part)) parts[IndexOf(key, count)].Add(key, value);
            _parts = parts;
            _ownsArray = true;
            _own.Clear();
            _own.UnionWith(parts);
        }
    }
}
