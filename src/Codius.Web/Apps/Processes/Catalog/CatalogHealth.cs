using Codius.Web.Hosting.Health;

namespace Codius.Web.Apps.Processes.Catalog;

/// <summary>Whether the snapshot of apps is up to date.</summary>
internal sealed class CatalogHealth(RedisCatalog catalog, TimeProvider time) : IHealthPart
{
    private readonly DateTimeOffset _since = time.GetUtcNow();

    public string Name => "catalog";

    public ValueTask<PartHealth> CheckAsync(CancellationToken cancellation) => ValueTask.FromResult(catalog.Trouble is { } trouble
        ? new PartHealth(HealthState.Degraded, _since, "New and changed apps are not seen; those known go on.", trouble)
        : new PartHealth(HealthState.Good, _since, "Up to date."));
}
