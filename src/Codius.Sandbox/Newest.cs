namespace Codius.Sandbox;

/// <summary>Keeps the newest entries by their ids, so that requests of strangers fill no memory.</summary>
/// <param name="most">How many are kept; of more, the one that was added first is forgotten.</param>
internal sealed class Newest<T>(int most) where T : class
{
    private readonly Lock _lock = new();
    private readonly OrderedDictionary<string, T> _entries = new(StringComparer.Ordinal);

    /// <summary>All of them, the newest first.</summary>
    public IReadOnlyList<T> All
    {
        get
        {
            lock (_lock) return [.. _entries.Values.Reverse()];
        }
    }

    public void Put(string id, T entry)
    {
        lock (_lock)
        {
            _entries[id] = entry;
            if (_entries.Count > most) _entries.RemoveAt(0);
        }
    }

    public T? Find(string? id)
    {
        if (id is null) return null;
        lock (_lock) return _entries.GetValueOrDefault(id);
    }

    /// <summary>Takes an entry out; of two callers only one gets it.</summary>
    public T? Remove(string id)
    {
        lock (_lock) return _entries.Remove(id, out var entry) ? entry : null;
    }
}
