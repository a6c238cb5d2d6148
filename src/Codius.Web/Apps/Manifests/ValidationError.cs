namespace Codius.Web.Apps.Manifests;

/// <summary>
/// One fault of a manifest, and its path: <c>spec.containers[0].env[1]: value and valueFrom exclude each other</c>.
/// </summary>
internal sealed record ValidationError(string Path, string Message)
{
    public override string ToString() => $"{Path}: {Message}";
}
