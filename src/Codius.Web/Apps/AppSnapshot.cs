using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Codius.Web.Apps.Steering;
using Codius.Web.Balances;

namespace Codius.Web.Apps;

/// <summary>
/// All apps at one moment, by name, by hash and by owner: no request searches them, however many there are and whatever it names. A
/// changed copy shares what did not change.
/// </summary>
internal sealed class AppSnapshot
{
    private readonly PersistentMap<string, HostedApp> _apps;
    private readonly PersistentMap<string, ImmutableSortedSet<string>> _namesOfHashes;
    private readonly PersistentMap<AccountId, int> _owners;
    private readonly Lazy<IReadOnlyList<HostedApp>> _named;

    /// <summary>These apps alone: a hash is one of them only if it is given.</summary>
    public AppSnapshot(IEnumerable<HostedApp> apps)
        : this(BuilderOf(apps).Build())
    {
    }

    private AppSnapshot(
        (PersistentMap<string, HostedApp> Apps, PersistentMap<string, ImmutableSortedSet<string>> NamesOfHashes,
            PersistentMap<AccountId, int> Owners, ImmutableHashSet<string> OfHashes) parts)
    {
        (_apps, _namesOfHashes, _owners, OfHashes) = parts;
        _named = new(Sort);
    }

    public static AppSnapshot Empty { get; } = new([]);

    public int Count => _apps.Count;

    public IEnumerable<HostedApp> Apps => _apps.Values;

    /// <summary>Those under names that owners chose, in the order of their names; made when it is first read.</summary>
    public IReadOnlyList<HostedApp> Named => _named.Value;

    /// <summary>The hashes that are apps by a resource of their own, not only by a name that has them.</summary>
    private ImmutableHashSet<string> OfHashes { get; }

    /// <summary>
    /// A copy in which some apps are others, or gone (null). Every hash is an app of its own besides: open to all, with its own balance.
    /// </summary>
    public AppSnapshot With(IReadOnlyCollection<KeyValuePair<string, HostedApp?>> changes)
    {
        var builder = new AppSnapshotBuilder(_apps, _namesOfHashes, _owners, OfHashes);
        foreach (var (name, app) in changes)
        {
            if (app is null) builder.Remove(name);
            else builder.Put(app);
        }
        builder.AddHashes();
        return new AppSnapshot(builder.Build());
    }

    /// <summary>A copy in which the apps under these names carry what the host's owner set for them.</summary>
    public AppSnapshot Steered(IReadOnlyDictionary<string, AppSteering> steering)
    {
        if (steering.Count == 0) return this;
        var apps = _apps.ToBuilder();
        foreach (var (name, set) in steering)
        {
            if (_apps.TryGetValue(name, out var app)) apps.Set(name, app with { Steering = set });
        }
        return new AppSnapshot((apps.ToMap(), _namesOfHashes, _owners, OfHashes));
    }

    /// <summary>The names and hashes whose apps were added, replaced or removed since another snapshot.</summary>
    public IEnumerable<string> ChangedSince(AppSnapshot before) => _apps.KeysThatDiffer(before._apps);

    public bool TryFind(string label, [NotNullWhen(true)] out HostedApp? app) => _apps.TryGetValue(label, out app);

    /// <summary>True for the accounts that can be paid: those of apps that are deployed here, and every deploy token's.</summary>
    public bool IsPayable(AccountId account) => account.IsDeployToken || TryFind(account.ToString(), out _);

    /// <summary>Any one of the names under which a hash was deployed.</summary>
    public bool TryFindName(string hash, [NotNullWhen(true)] out HostedApp? app)
    {
        app = null;
        return _namesOfHashes.TryGetValue(hash, out var names) && TryFind(names[0], out app);
    }

    /// <summary>True if the account owns at least one of the apps.</summary>
    public bool OwnsAny(AccountId owner) => _owners.ContainsKey(owner);

    private static AppSnapshotBuilder BuilderOf(IEnumerable<HostedApp> apps)
    {
        var builder = new AppSnapshotBuilder(PersistentMap<string, HostedApp>.Empty,
            PersistentMap<string, ImmutableSortedSet<string>>.Empty, PersistentMap<AccountId, int>.Empty, []);
        foreach (var app in apps) builder.Put(app);
        return builder;
    }

    private IReadOnlyList<HostedApp> Sort() =>
        [.. _apps.Values.Where(app => app.Name != app.Hash).OrderBy(app => app.Name, StringComparer.Ordinal)];
}
