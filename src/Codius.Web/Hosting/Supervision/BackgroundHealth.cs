using System.Globalization;
using Codius.Web.Hosting.Health;

namespace Codius.Web.Hosting.Supervision;

/// <summary>Whether all background work goes on, and which work failed last, when and why.</summary>
internal sealed class BackgroundHealth(Supervisor supervisor, TimeProvider time) : IHealthPart
{
    private readonly DateTimeOffset _start = time.GetUtcNow();

    public string Name => "background";

    public ValueTask<PartHealth> CheckAsync(CancellationToken cancellation)
    {
        var failed = supervisor.Records.Select(record => record.Status).Where(status => status.LastFailedAt is not null)
            .OrderByDescending(status => status.LastFailedAt).ToList();
        var failing = failed.Where(status => status.IsFailing).ToList();
        var last = failed.FirstOrDefault();
        return ValueTask.FromResult(new PartHealth(
            failing.Count > 0 ? HealthState.Degraded : HealthState.Good,
            (failing.Count > 0 ? failing.Min(status => status.Since) : failed.Max(status => status.Since)) ?? _start,
            failing.Count > 0 ? $"Failing and tried again: {string.Join(", ", failing.Select(status => status.Name))}." : "All background work goes on.",
            last is null ? null : string.Create(CultureInfo.InvariantCulture, $"{last.Name} at {last.LastFailedAt:u}: {last.LastError}"),
            Details: failed.Count == 0 ? null : failed.ToDictionary(status => status.Name, Describe)));
    }

    private static object? Describe(WorkStatus status) => new Dictionary<string, object?>
    {
        ["failing"] = status.IsFailing,
        ["failures"] = status.Failures,
        ["lastFailedAt"] = status.LastFailedAt,
        ["lastError"] = status.LastError,
    };
}
