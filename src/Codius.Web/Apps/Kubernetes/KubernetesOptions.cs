using System.ComponentModel.DataAnnotations;

namespace Codius.Web.Apps.Kubernetes;

/// <summary>How apps run on Kubernetes. Section <c>Kubernetes</c>.</summary>
internal sealed class KubernetesOptions
{
    public const string Section = "Kubernetes";

    /// <summary>Kubeconfig file of the cluster the apps run in; null inside the cluster, where the pod's own account is used.</summary>
    public string? Kubeconfig { get; set; }

    /// <summary>The namespace of the gateways themselves: here they elect their leader.</summary>
    /// <value>The default is codius.</value>
    [Required, RegularExpression("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")]
    public string GatewayNamespace { get; set; } = "codius";

    /// <summary>How long a leader that does not renew its lease stays leader; then another gateway leads.</summary>
    /// <value>The default is 15 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:03", "00:10:00")]
    public TimeSpan LeaseDuration { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long an app may take until it accepts connections; then its start has failed.</summary>
    /// <value>The default is 2 minutes.</value>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan StartTimeout { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>The namespace apps run in; nothing else should be in it.</summary>
    /// <value>The default is codius-apps.</value>
    [Required, RegularExpression("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")]
    public string Namespace { get; set; } = "codius-apps";

    /// <summary>Where images may come from: a registry, or a registry and the beginning of a path (<c>ghcr.io/example</c>).</summary>
    /// <value>The default is docker.io.</value>
    public IList<string> Registries { get; } = [];

    /// <summary>Secret of the apps' namespace with the registries' passwords; null for none.</summary>
    public string? PullSecret { get; set; }

    /// <summary>
    /// RuntimeClass of the apps' pods, such as <c>kata</c>; <c>none</c> for the cluster's usual one. Production must name one of the two.
    /// </summary>
    public string? RuntimeClassName { get; set; }

    /// <summary>What an app may use, all its containers together.</summary>
    public ResourceOptions Resources { get; } = new();

    /// <summary>DNS resolvers of the apps; the gateway lets apps reach port 53 of those named here, whatever their addresses.</summary>
    /// <value>The default is 1.1.1.1 and 9.9.9.9.</value>
    public IList<string> Resolvers { get; } = [];

    /// <summary>True to keep an app from starting until the network policy holds; false where the cluster enforces none.</summary>
    /// <value>The default is true.</value>
    public bool RequirePolicy { get; set; } = true;

    /// <summary>
    /// The cluster's own addresses that no app may reach besides its API server: one of a node, a pod, a Service and a load balancer, of
    /// each family, with a port that answers (<c>203.0.113.7:10250</c>). An app starts only once none of them answers it.
    /// </summary>
    /// <value>The default is none.</value>
    public IList<string> MustNotReach { get; } = [];

    /// <summary>How long an app may wait for the network policy; then its start has failed.</summary>
    /// <value>The default is 10 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan PolicyWait { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The image of the container that waits; it needs <c>sh</c>, <c>sleep</c>, <c>date</c> and busybox' <c>nc</c>.</summary>
    /// <value>The default is docker.io/library/busybox:1.36.</value>
    [Required]
    public string PolicyWaitImage { get; set; } = "docker.io/library/busybox:1.36";
}
