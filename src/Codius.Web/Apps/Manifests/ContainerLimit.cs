namespace Codius.Web.Apps.Manifests;

/// <summary>How many containers an app may have.</summary>
internal sealed record ContainerLimit(int Max);
