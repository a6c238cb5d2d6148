using Codius.Web.Apps;
using Codius.Web.Apps.Manifests;

namespace Codius.Web.Pages.Rendering;

/// <summary>How the pages present an app.</summary>
/// <param name="Name">Its name, which is in its address.</param>
/// <param name="Called">What the pages call it: the title that its owner gave it, else its name; a hash is shortened.</param>
/// <param name="Description">A sentence about it; null for none.</param>
/// <param name="Icon">Its picture as a data: URL; null for none.</param>
public sealed record AppIntroModel(string Name, string Called, string? Description, string? Icon)
{
    internal static AppIntroModel Of(HostedApp app) =>
        new(app.Name, app.Presentation?.Title ?? Short(app.Name), app.Presentation?.Description, app.Presentation?.Icon);

    private static string Short(string name) => ManifestHash.LooksLikeHash(name) ? name[..8] + "…" : name;
}
