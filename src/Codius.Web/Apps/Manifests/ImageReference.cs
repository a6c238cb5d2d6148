using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Codius.Web.Apps.Manifests;

/// <summary>The name of an image, parsed as container runtimes do: <c>nginx</c> is <c>docker.io/library/nginx</c>.</summary>
internal sealed partial record ImageReference(string Registry, string Path)
{
    private const string DockerHub = "docker.io";

    public static bool TryParse(string text, [NotNullWhen(true)] out ImageReference? image)
    {
        image = null;
        if (text.Length > 512 || !Form().IsMatch(text)) return false;
        var name = text.Split('@')[0];
        var slash = name.IndexOf('/', StringComparison.Ordinal);
        var first = slash < 0 ? "" : name[..slash];
        var named = first.Contains('.', StringComparison.Ordinal) || first.Contains(':', StringComparison.Ordinal) || first == "localhost";
        var path = named ? name[(slash + 1)..] : name;
        var colon = path.LastIndexOf(':');
        if (colon >= 0) path = path[..colon];
        if (!PathForm().IsMatch(path)) return false;
        var registry = !named || first == "index.docker.io" ? DockerHub : first;
        image = new ImageReference(registry, registry == DockerHub && !path.Contains('/', StringComparison.Ordinal)
            ? "library/" + path : path);
        return true;
    }

    /// <summary>True if the image is from one of these places, each a registry with or without the beginning of a path.</summary>
    public bool IsFrom(IEnumerable<string> places) =>
        places.Any(place => $"{Registry}/{Path}".StartsWith(place.TrimEnd('/') + "/", StringComparison.Ordinal));

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._:/-]*(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(@[a-z0-9]+([+._-][a-z0-9]+)*:[0-9a-f]{32,})?\z",
        RegexOptions.CultureInvariant)]
    private static partial Regex Form();

    [GeneratedRegex(@"\A[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*\z", RegexOptions.CultureInvariant)]
    private static partial Regex PathForm();
}
