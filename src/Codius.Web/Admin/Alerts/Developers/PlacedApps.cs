using Codius.Web.Apps;
using Codius.Web.Balances;

namespace Codius.Web.Admin.Alerts.Developers;

/// <summary>
/// The apps whose developers are alerted, bounded for the host and for each owner, as all gateways have agreed in the store.
/// </summary>
internal sealed class PlacedApps(IAppCatalog catalog, AlertPlaces places, int most, TimeProvider time)
{
    /// <summary>Apps of one owner.</summary>
    public const int MostOfOwner = 20;

    /// <summary>How often places are renewed, and those that became free are taken.</summary>
    private static readonly TimeSpan RenewEvery = TimeSpan.FromMinutes(5);

    private HashSet<string> _wanting = new(StringComparer.Ordinal);
    private HashSet<string> _placed = new(StringComparer.Ordinal);
    private long? _renewedAt;

    public IReadOnlySet<string> Names => _placed;

    /// <summary>Those that have a place now.</summary>
    /// <exception cref="LedgerUnavailableException">The store is away.</exception>
    public async ValueTask<List<HostedApp>> ReadAsync()
    {
        var apps = catalog.Current;
        // The owner alone knows the key of the signatures.
        var wanting = most == 0 ? [] : apps.Named.Where(app => app is { Alerts: not null, Owner: not null }).ToList();
        if (!IsFresh(wanting))
        {
            // A catalog that is empty has perhaps not been read yet.
            var gone = apps.Count == 0 ? [] : _placed.Except(wanting.Select(app => app.Name)).ToList();
            if (wanting.Count > 0 || gone.Count > 0)
                _placed = await places.TakeAsync(Choose(wanting, await places.ReadAsync()), gone, most);
            _wanting = wanting.Select(app => app.Name).ToHashSet(StringComparer.Ordinal);
            _renewedAt = time.GetTimestamp();
        }
        return [.. wanting.Where(app => _placed.Contains(app.Name))];
    }

    private bool IsFresh(List<HostedApp> wanting) =>
        _renewedAt is { } at && time.GetElapsedTime(at) < RenewEvery
        && wanting.Count == _wanting.Count && wanting.TrueForAll(app => _wanting.Contains(app.Name));

    /// <summary>No more than there are places, those that have one first.</summary>
    private List<string> Choose(List<HostedApp> wanting, HashSet<string> placed)
    {
        var ofOwner = new Dictionary<AccountId, int>();
        var chosen = new List<string>();
        foreach (var app in wanting.OrderByDescending(app => placed.Contains(app.Name)))
        {
            if (chosen.Count == most) break;
            var owner = app.Owner!.Value;
            if (ofOwner.GetValueOrDefault(owner) == MostOfOwner) continue;
            ofOwner[owner] = ofOwner.GetValueOrDefault(owner) + 1;
            chosen.Add(app.Name);
        }
        return chosen;
    }
}
