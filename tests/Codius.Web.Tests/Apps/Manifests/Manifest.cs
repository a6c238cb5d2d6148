using System.Text;
using Codius.Web.Apps.Manifests;

namespace Codius.Web.Tests.Apps.Manifests;

/// <summary>Reads manifests the way the gateway does.</summary>
internal static class Manifest
{
    public static AppManifest Read(string json)
    {
        var manifest = Read(json, out var faults);
        Assert.Empty(faults);
        return manifest!;
    }

    public static AppManifest? Read(string json, out List<ValidationError> faults)
    {
        var found = new List<ValidationError>();
        faults = found;
        return ManifestReader.Parse(Encoding.UTF8.GetBytes(json), found, root => ManifestReader.Read(root, found));
    }
}
