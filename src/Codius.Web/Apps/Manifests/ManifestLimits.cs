namespace Codius.Web.Apps.Manifests;

/// <summary>How large a manifest may be, and what may be beside it.</summary>
internal static class ManifestLimits
{
    /// <summary>As it is sent.</summary>
    public const int MaxBytes = 256 * 1024;

    /// <summary>The part of a manifest, in the form that is hashed, for which one price is paid.</summary>
    public const int PartBytes = 16 * 1024;

    /// <summary>
    /// What a deployer may keep in a resource's metadata, where it costs nothing; for kubectl's copy of the manifest, which is as large
    /// as that, the same again.
    /// </summary>
    public const int MaxBesideBytes = 32 * 1024;

    /// <summary>The longest text of an annotation that is a number.</summary>
    public const int MaxNumberLength = 40;
}
