using System.Collections.Concurrent;
using System.Collections.Immutable;
using k8s;
using k8s.Models;

namespace Codius.Web.Apps.Kubernetes.Watching;

/// <summary>The objects of one kind by a key of theirs, kept up to date with their watch: to find a few reads no others.</summary>
internal sealed class ObjectIndex<T> where T : class, IKubernetesObject<V1ObjectMeta>
{
    private readonly ConcurrentDictionary<string, ImmutableDictionary<string, T>> _byKey = new(StringComparer.Ordinal);
    private readonly Func<T, string?> _keyOf;

    /// <param name="watch">Its watch; the index must be the first to hear of its changes.</param>
    /// <param name="keyOf">The key of an object; null for none, then it is not in the index.</param>
    public ObjectIndex(Informer<T> watch, Func<T, string?> keyOf)
    {
        _keyOf = keyOf;
        watch.Changed += Follow;
    }

    /// <summary>The objects with a key, in no order.</summary>
    public IEnumerable<T> Find(string key) => _byKey.TryGetValue(key, out var found) ? found.Values : [];

    // Each watch tells its changes one after the other.
    private void Follow(T? before, T? now)
    {
        var (old, current) = (before is null ? null : _keyOf(before), now is null ? null : _keyOf(now));
        if (old is not null && old != current) Remove(old, before!.Metadata.Name);
        if (current is not null) Of(current, objects => objects.SetItem(now!.Metadata.Name, now));
    }

    private void Remove(string key, string name)
    {
        Of(key, objects => objects.Remove(name));
        if (_byKey.TryGetValue(key, out var rest) && rest.IsEmpty) _byKey.TryRemove(key, out _);
    }

    private void Of(string key, Func<ImmutableDictionary<string, T>, ImmutableDictionary<string, T>> change) =>
        _byKey[key] = change(_byKey.GetValueOrDefault(key, ImmutableDictionary<string, T>.Empty));
}
