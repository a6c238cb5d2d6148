using Codius.Web.Hosting.Health;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Codius.Web.Apps.Processes.Catalog;

/// <summary>Whether the snapshot of apps is up to date.</summary>
internal sealed class CatalogHealth(RedisCatalog catalog, TimeProvider time) : IHealthCheck
{
    private readonly DateTimeOffset _since = time.GetUtcNow();

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(catalog.Trouble is { } trouble
            ? HealthResults.Of(HealthStatus.Degraded, _since, "New and changed apps are not seen; those known go on.", trouble)
            : HealthResults.Of(HealthStatus.Healthy, _since, "Up to date."));
}
