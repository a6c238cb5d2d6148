using k8s;
using k8s.Autorest;
using k8s.Models;
using Microsoft.Extensions.Options;

namespace Codius.Web.Apps.Kubernetes;

/// <summary>
/// The resource quota of the apps' namespace, as the cluster counts it: read when it is wanted, once in fifteen seconds at most, with two
/// seconds to answer.
/// </summary>
internal sealed partial class NamespaceQuota(
    IKubernetes client, IOptions<KubernetesOptions> options, TimeProvider time, ILogger<NamespaceQuota> log) : IHostQuota
{
    public static readonly TimeSpan Kept = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Bounds what is read: quotas of one namespace, and resources.</summary>
    private const int Most = 20;

    private readonly Lock _lock = new();
    private Task<IReadOnlyList<QuotaUse>?>? _read;
    private long _readAt;
    private volatile bool _isUnreadable;

    public async ValueTask<IReadOnlyList<QuotaUse>?> ReadAsync()
    {
        Task<IReadOnlyList<QuotaUse>?> read;
        lock (_lock)
        {
            // All that ask meanwhile wait for the same answer.
            if (_read is null || time.GetElapsedTime(_readAt) >= Kept)
                (_read, _readAt) = (ReadNowAsync(), time.GetTimestamp());
            read = _read;
        }
        return await read;
    }

    private async Task<IReadOnlyList<QuotaUse>?> ReadNowAsync()
    {
        using var end = new CancellationTokenSource(Patience, time);
        try
        {
            var quotas = await client.CoreV1.ListNamespacedResourceQuotaAsync(
                options.Value.Namespace, limit: Most, cancellationToken: end.Token);
            _isUnreadable = false;
            List<QuotaUse> uses = [.. quotas.Items.SelectMany(UsesOf)
                // Of several quotas the stricter one holds.
                .GroupBy(use => use.Resource, StringComparer.Ordinal).Select(same => same.MaxBy(use => use.Percent)!)
                .OrderBy(use => use.Resource, StringComparer.Ordinal).Take(Most)];
            return uses.Count == 0 ? null : uses;
        }
        catch (Exception trouble) when (trouble is HttpOperationException or HttpRequestException or IOException
            or OperationCanceledException)
        {
            if (!_isUnreadable) LogUnreadable(options.Value.Namespace, trouble.Message);
            _isUnreadable = true;
            return null;
        }
    }

    // What must not be there at all, such as volumes, bounds no app.
    private static IEnumerable<QuotaUse> UsesOf(V1ResourceQuota quota) =>
        from hard in quota.Status?.Hard ?? new Dictionary<string, ResourceQuantity>()
        let most = hard.Value.ToDecimal()
        where most > 0
        let used = quota.Status!.Used?.TryGetValue(hard.Key, out var counted) == true ? counted : new ResourceQuantity("0")
        select new QuotaUse(hard.Key, used.ToString(), hard.Value.ToString(), (int)Math.Clamp(used.ToDecimal() * 100 / most, 0, 100));

    [LoggerMessage(LogLevel.Warning, "The resource quota of {Namespace} cannot be read, and is not shown: {Trouble}")]
    private partial void LogUnreadable(string @namespace, string trouble);
}
