namespace Codius.Web.Apps.Manifests;

/// <summary>Reads a manifest from outside, strictly: every unknown field and every wrong type is a fault with its path.</summary>
internal static class ManifestReader;
