using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Codius.Web.Hosting.Health;

/// <summary>What the gateway's health checks report beyond state and summary: since when, the last error, and details.</summary>
internal static class HealthResults
{
    private const string SinceKey = "since";
    private const string LastErrorKey = "lastError";
    private const string DetailsKey = "details";

    /// <param name="status">The part's state.</param>
    /// <param name="since">When that state began.</param>
    /// <param name="summary">The state in plain text.</param>
    /// <param name="lastError">The last error in plain text, even if the part has recovered since; null for none.</param>
    /// <param name="details">Additional data for the host's owner; amounts as decimal strings, no secrets.</param>
    public static HealthCheckResult Of(
        HealthStatus status, DateTimeOffset since, string summary, string? lastError = null,
        IReadOnlyDictionary<string, object?>? details = null)
    {
        var data = new Dictionary<string, object> { [SinceKey] = since };
        if (lastError is not null) data[LastErrorKey] = lastError;
        if (details is not null) data[DetailsKey] = details;
        return new HealthCheckResult(status, summary, data: data);
    }

    /// <summary>When the state began; null for a check that threw.</summary>
    public static DateTimeOffset? Since(IReadOnlyDictionary<string, object> data) => data.GetValueOrDefault(SinceKey) as DateTimeOffset?;

    public static string? LastError(IReadOnlyDictionary<string, object> data) => data.GetValueOrDefault(LastErrorKey) as string;

    public static IReadOnlyDictionary<string, object?>? Details(IReadOnlyDictionary<string, object> data) =>
        data.GetValueOrDefault(DetailsKey) as IReadOnlyDictionary<string, object?>;
}
