using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Options;

namespace Codius.Web.Apps.Processes;

/// <summary>The images this machine can run, by the name manifests use.</summary>
internal sealed class KnownImages(IOptions<AppOptions> options)
{
    private readonly FrozenDictionary<string, ImageOptions> _images =
        options.Value.Processes.Images.ToFrozenDictionary(pair => pair.Value.Image ?? pair.Key, pair => pair.Value, StringComparer.Ordinal);

    public bool TryFind(string image, [NotNullWhen(true)] out ImageOptions? known) => _images.TryGetValue(image, out known);

    public ImageOptions Find(string image) => _images[image];

    /// <summary>The error for a developer whose image is not listed.</summary>
    public static string Unlisted(string image) =>
        $"The image '{image}' is not one this host runs. Its operator can list it under {ProcessOptions.Section}:Images.";
}
