using System.Runtime.ExceptionServices;

namespace Codius.Web.Apps.Kubernetes.Watching;

/// <summary>What becomes of a watch in which the server reports trouble.</summary>
internal static class WatchErrors
{
    /// <summary>
    /// Ends the watch: the server leaves it open after an error such as 410 Gone and says nothing more in it, so who read on would be blind until
    /// it times out.
    /// </summary>
    public static void End(Exception trouble) => ExceptionDispatchInfo.Throw(trouble);
}
