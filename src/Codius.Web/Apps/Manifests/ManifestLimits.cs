namespace Codius.Web.Apps.Manifests;

/// <summary>How large a manifest may be.</summary>
internal static class ManifestLimits
{
    public const int MaxBytes = 256 * 1024;
}
