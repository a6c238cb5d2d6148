using Codius.Web.Hosting.Health;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Codius.Web.Apps.Processes.Catalog;

/// <summary>Reports whether the snapshot of apps is up to date.</summary>
internal sealed class CatalogHealth(RedisCatalog catalog, TimeProvider time) : IHealthCheck
{
    private const int MostListed = 10;
    private readonly DateTimeOffset _since = time.GetUtcNow();

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(catalog.Trouble is { } trouble
            ? HealthResults.Of(HealthStatus.Degraded, _since, "New and changed apps are not seen; those known go on.", trouble)
            : catalog.Unreadable is { IsEmpty: false } unreadable
            ? HealthResults.Of(HealthStatus.Degraded, _since,
                $"{unreadable.Count} entries of the index cannot be read: their apps stay as they were, all others are up to date.",
                string.Join("; ", unreadable.Take(MostListed).Select(entry => $"'{entry.Key}': {entry.Value}")))
            : HealthResults.Of(HealthStatus.Healthy, _since, "Up to date."));
}
