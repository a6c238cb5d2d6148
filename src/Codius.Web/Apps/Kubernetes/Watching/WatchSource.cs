using System.Runtime.ExceptionServices;
using k8s;
using k8s.Models;

namespace Codius.Web.Apps.Kubernetes.Watching;

/// <summary>The parameters that all watches share.</summary>
internal static class WatchSource
{
    /// <summary>How long the server keeps one watch open; the next one goes on where it ended.</summary>
    public const int Seconds = 290;

    public static (IEnumerable<T> Objects, string Version) Listed<T>(IItems<T> list) where T : class, IKubernetesObject<V1ObjectMeta> =>
        (list.Items, ((IMetadata<V1ListMeta>)list).Metadata.ResourceVersion);

    /// <summary>
    /// Ends a watch in which the server reports an error: the server leaves it open after one such as 410 Gone and sends nothing more
    /// in it, so a reader would miss all changes until the watch times out.
    /// </summary>
    public static void EndOnError(Exception trouble) => ExceptionDispatchInfo.Throw(trouble);
}

/// <summary>One kind of object at the API server: how all of them are listed, and how their changes are watched from there on.</summary>
/// <param name="Kind">The kind's name for health and logs.</param>
/// <param name="ListAsync">All objects, and the resource version the list was made at.</param>
/// <param name="Watch">
/// Changes after a resource version, bookmarks among them; ends when the server ends it, and throws the error that the server reports.
/// </param>
internal sealed record WatchSource<T>(
    string Kind,
    Func<CancellationToken, Task<(IEnumerable<T> Objects, string Version)>> ListAsync,
    Func<string, CancellationToken, IAsyncEnumerable<(WatchEventType Type, T Object)>> Watch)
    where T : class, IKubernetesObject<V1ObjectMeta>;
