using Codius.Web.Hosting.Health;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Codius.Web.Apps;

/// <summary>
/// Which apps run, for <c>/admin/health</c>. Always healthy: an app that cannot start is its owner's problem, not the host's.
/// </summary>
internal sealed class AppsHealth(IAppCatalog catalog, IAppRunner runner, TimeProvider time) : IHealthCheck
{
    private const int MostListed = 100;
    private readonly DateTimeOffset _since = time.GetUtcNow();

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var statuses = runner.Statuses;
        var awake = statuses.Count(status => status.State is AppState.Awake);
        var failed = statuses.Where(status => status.State is AppState.Failed).MaxBy(status => status.Since);
        var details = new Dictionary<string, object?>
        {
            ["hosted"] = catalog.Current.Count,
            ["awake"] = awake,
            ["apps"] = statuses.OrderByDescending(status => status.Since).Take(MostListed).Select(Describe).ToArray(),
        };
        return Task.FromResult(HealthResults.Of(
            HealthStatus.Healthy, _since, $"{awake} awake, {catalog.Current.Count} hosted (names and hashes).",
            failed is null ? null : $"{failed.App.Name}: {failed.LastError}", details: details));
    }

    private static Dictionary<string, object?> Describe(AppStatus status) => new()
    {
        ["name"] = status.App.Name,
        ["hash"] = status.App.Hash,
        ["state"] = status.State switch
        {
            AppState.Awake => "awake",
            AppState.WakingState => "waking",
            AppState.Failed { RetryAt: { } at } => $"failed, not tried again before {at:u}",
            AppState.Failed => "failed",
            _ => "asleep",
        },
        ["since"] = status.Since,
        ["lastError"] = status.LastError,
    };
}
