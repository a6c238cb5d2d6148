using Codius.Testing;

namespace Codius.Web.ClusterTests.Cluster;

/// <summary>Waits for what a cluster does; on a busy machine it takes its time.</summary>
internal static class Soon
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    public static Task TrueAsync(string reason, Func<bool> isSo) => Until.TrueAsync(reason, isSo, Patience);

    public static Task<T> TrueAsync<T>(string reason, Func<Task<T?>> look) where T : struct => Until.TrueAsync(reason, look, Patience);
}
