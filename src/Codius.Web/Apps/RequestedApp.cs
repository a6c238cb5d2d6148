using System.Diagnostics.CodeAnalysis;
using Codius.Web.Hosting;

namespace Codius.Web.Apps;

/// <summary>Finds the app that the Host header of a request names.</summary>
internal static class RequestedApp
{
    public static bool TryFind(this IAppCatalog catalog, HttpContext context, [NotNullWhen(true)] out HostedApp? app)
    {
        app = null;
        return HostMatchFeature.LabelOf(context) is { } label && catalog.Current.TryFind(label, out app);
    }
}
