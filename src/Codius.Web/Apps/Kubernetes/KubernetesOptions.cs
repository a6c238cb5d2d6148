namespace Codius.Web.Apps.Kubernetes;

/// <summary>How apps run on Kubernetes. Section <c>Kubernetes</c>.</summary>
internal sealed class KubernetesOptions
{
    public const string Section = "Kubernetes";

    /// <summary>Where images may come from: a registry, or a registry and the beginning of a path (<c>ghcr.io/example</c>).</summary>
    /// <value>The default is docker.io.</value>
    public IList<string> Registries { get; } = [];
}
