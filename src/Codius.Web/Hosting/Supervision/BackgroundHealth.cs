using System.Globalization;
using Codius.Web.Hosting.Health;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Codius.Web.Hosting.Supervision;

/// <summary>The health of all background work, and which work failed last, when and why.</summary>
internal sealed class BackgroundHealth(Supervisor supervisor, TimeProvider time) : IHealthCheck
{
    private readonly DateTimeOffset _start = time.GetUtcNow();

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var failed = supervisor.Records.Select(record => record.Status).Where(status => status.LastFailedAt is not null)
            .OrderByDescending(status => status.LastFailedAt).ToList();
        var failing = failed.Where(status => status.IsFailing).ToList();
        var last = failed.FirstOrDefault();
        return Task.FromResult(HealthResults.Of(
            failing.Count > 0 ? HealthStatus.Degraded : HealthStatus.Healthy,
            (failing.Count > 0 ? failing.Min(status => status.Since) : failed.Max(status => status.Since)) ?? _start,
            failing.Count == 0 ? "All background work goes on."
                : $"Failing and tried again: {string.Join(", ", failing.Select(status => status.Name))}.",
            last is null ? null : string.Create(CultureInfo.InvariantCulture, $"{last.Name} at {last.LastFailedAt:u}: {last.LastError}"),
            details: failed.Count == 0 ? null : failed.ToDictionary(status => status.Name, Describe)));
    }

    private static object? Describe(WorkStatus status) => new Dictionary<string, object?>
    {
        ["failing"] = status.IsFailing,
        ["failures"] = status.Failures,
        ["lastFailedAt"] = status.LastFailedAt,
        ["lastError"] = status.LastError,
    };
}
