using System.Collections.Immutable;
using Codius.Web.Balances;

namespace Codius.Web.Apps;

/// <summary>Changes the tables of a snapshot together; the cost is that of the changes, however many apps there are.</summary>
internal sealed class AppSnapshotBuilder(
    PersistentMap<string, HostedApp> apps, PersistentMap<string, ImmutableSortedSet<string>> namesOfHashes,
    PersistentMap<AccountId, int> owners, ImmutableHashSet<string> ofHashes)
{
    private static readonly ImmutableSortedSet<string> None = ImmutableSortedSet.Create<string>(StringComparer.Ordinal);

    private readonly PersistentMap<string, HostedApp>.Builder _apps = apps.ToBuilder();
    private readonly PersistentMap<string, ImmutableSortedSet<string>>.Builder _names = namesOfHashes.ToBuilder();
    private readonly PersistentMap<AccountId, int>.Builder _owners = owners.ToBuilder();
    private readonly HashSet<string> _changedHashes = new(StringComparer.Ordinal);
    private ImmutableHashSet<string> _ofHashes = ofHashes;

    public void Put(HostedApp app)
    {
        Remove(app.Name);
        if (app.Name == app.Hash)
        {
            _ofHashes = _ofHashes.Add(app.Name);
        }
        else
        {
            _names.Set(app.Hash, (_names.GetValueOrDefault(app.Hash) ?? None).Add(app.Name));
            if (app.Owner is { } owner) _owners.Set(owner, _owners.GetValueOrDefault(owner) + 1);
        }
        _apps.Set(app.Name, app);
        _changedHashes.Add(app.Hash);
    }

    public void Remove(string name)
    {
        if (_apps.GetValueOrDefault(name) is not { } before) return;
        if (before.Name == before.Hash)
        {
            // Else it is there by the names that have the hash, and stays as long as one has.
            if (_ofHashes.Contains(name)) _apps.Remove(name);
            _ofHashes = _ofHashes.Remove(name);
        }
        else
        {
            _apps.Remove(name);
            var rest = _names.GetValueOrDefault(before.Hash)!.Remove(name);
            if (rest.IsEmpty) _names.Remove(before.Hash);
            else _names.Set(before.Hash, rest);
            if (before.Owner is { } owner) Release(owner);
        }
        _changedHashes.Add(before.Hash);
    }

    /// <summary>Makes each changed hash the app of the first name that has it; a resource named by the hash is preferred.</summary>
    public void AddHashes()
    {
        foreach (var hash in _changedHashes)
        {
            var there = _apps.GetValueOrDefault(hash);
            if (_ofHashes.Contains(hash) || (there is not null && there.Hash != hash)) continue;
            var first = _names.GetValueOrDefault(hash) is { } names ? _apps.GetValueOrDefault(names[0]) : null;
            if (first is null)
            {
                _apps.Remove(hash);
                continue;
            }
            var app = HostedApp.OfHash(hash, first.Image, first.Owner);
            if (app != there) _apps.Set(hash, app);
        }
    }

    public (PersistentMap<string, HostedApp> Apps, PersistentMap<string, ImmutableSortedSet<string>> NamesOfHashes,
        PersistentMap<AccountId, int> Owners, ImmutableHashSet<string> OfHashes) Build() =>
        (_apps.ToMap(), _names.ToMap(), _owners.ToMap(), _ofHashes);

    private void Release(AccountId owner)
    {
        var left = _owners.GetValueOrDefault(owner) - 1;
        if (left > 0) _owners.Set(owner, left);
        else _owners.Remove(owner);
    }
}
