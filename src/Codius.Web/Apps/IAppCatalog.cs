using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using Codius.Web.Balances;

namespace Codius.Web.Apps;

/// <summary>The apps that are hosted. A visit reads the snapshot and never waits for it.</summary>
internal interface IAppCatalog
{
    /// <summary>The apps as of now; replaced as a whole when something changes.</summary>
    AppSnapshot Current { get; }

    /// <summary>Raised after <see cref="Current"/> was replaced.</summary>
    event Action? Changed;
}

/// <summary>
/// All apps at one moment, by name, by hash and by owner: no request searches them, however many there are and whatever it names.
/// </summary>
internal sealed class AppSnapshot
{
    public static AppSnapshot Empty { get; } = new([]);

    private readonly FrozenDictionary<string, HostedApp> _apps;
    private readonly FrozenDictionary<string, HostedApp> _namesOfHashes;
    private readonly FrozenSet<AccountId> _owners;

    public AppSnapshot(IEnumerable<HostedApp> apps)
    {
        _apps = apps.ToFrozenDictionary(app => app.Name, StringComparer.Ordinal);
        // A hash is the same app under a name that people cannot read.
        Named = [.. _apps.Values.Where(app => app.Name != app.Hash).OrderBy(app => app.Name, StringComparer.Ordinal)];
        _namesOfHashes = Named.GroupBy(app => app.Hash, StringComparer.Ordinal)
            .ToFrozenDictionary(same => same.Key, same => same.First(), StringComparer.Ordinal);
        _owners = Named.Select(app => app.Owner).OfType<AccountId>().ToFrozenSet();
    }

    public IReadOnlyCollection<HostedApp> Apps => _apps.Values;

    /// <summary>Those under names that owners chose, in the order of their names.</summary>
    public IReadOnlyList<HostedApp> Named { get; }

    public bool TryFind(string label, [NotNullWhen(true)] out HostedApp? app) => _apps.TryGetValue(label, out app);

    /// <summary>True for the accounts that can be paid: those of apps that are deployed here, and every deploy token's.</summary>
    public bool IsPayable(AccountId account) => account.IsDeployToken || TryFind(account.ToString(), out _);

    /// <summary>Any one of the names under which a hash was deployed.</summary>
    public bool TryFindName(string hash, [NotNullWhen(true)] out HostedApp? app) => _namesOfHashes.TryGetValue(hash, out app);

    /// <summary>True if the account owns at least one of the apps.</summary>
    public bool OwnsAny(AccountId owner) => _owners.Contains(owner);
}
