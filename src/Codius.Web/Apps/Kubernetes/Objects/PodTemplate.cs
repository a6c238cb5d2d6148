using Codius.Web.Apps.Manifests;
using k8s.Models;

namespace Codius.Web.Apps.Kubernetes.Objects;

/// <summary>The pod of an app, confined as untrusted code.</summary>
internal sealed class PodTemplate(KubernetesOptions options)
{
    /// <summary>How long an app may take to end after SIGTERM; the gateway cuts its connections by then.</summary>
    public const int TerminationGraceSeconds = 30;

    private static readonly string[] DefaultResolvers = ["1.1.1.1", "9.9.9.9"];

    public V1PodTemplateSpec Of(HashedApp app, IDictionary<string, string> labels) => new()
    {
        Metadata = new V1ObjectMeta { Labels = labels },
        Spec = new V1PodSpec
        {
            RuntimeClassName = options.RuntimeClassName is null or "none" ? null : options.RuntimeClassName,
            // No way into the cluster's API, and no list of its Services in the environment.
            AutomountServiceAccountToken = false,
            EnableServiceLinks = false,
            SecurityContext = new V1PodSecurityContext { SeccompProfile = new V1SeccompProfile { Type = "RuntimeDefault" } },
            // Public resolvers: the cluster's own has a private address, and would reveal the names of its Services.
            DnsPolicy = "None",
            DnsConfig = new V1PodDNSConfig { Nameservers = options.Resolvers is { Count: > 0 } named ? [.. named] : [.. DefaultResolvers] },
            TerminationGracePeriodSeconds = TerminationGraceSeconds,
            ImagePullSecrets = options.PullSecret is { } secret ? [new V1LocalObjectReference { Name = secret }] : null,
            InitContainers = options.RequirePolicy ? [PolicyWait.Of(options, ResourceShares.Of(options.Resources, 0, 1))] : null,
            Containers = [.. app.Spec.Containers.Select((container, index) => Container(app, container, index))],
        },
    };

    private V1Container Container(HashedApp app, ContainerSpec container, int index) => new()
    {
        Name = container.Name,
        Image = container.Image,
        ImagePullPolicy = "IfNotPresent",
        Command = container.Command is { Count: > 0 } command ? [.. command] : null,
        Args = container.Args is { Count: > 0 } args ? [.. args] : null,
        WorkingDir = string.IsNullOrEmpty(container.WorkingDir) ? null : container.WorkingDir,
        Env = container.Env is { Count: > 0 } env ? [.. env.Select(variable => Variable(app, variable))] : null,
        LivenessProbe = Probes.Of(container.LivenessProbe),
        ReadinessProbe = Probes.Of(container.ReadinessProbe),
        StartupProbe = Probes.Of(container.StartupProbe),
        // The last lines of an app's output show its owner why it did not start.
        TerminationMessagePolicy = "FallbackToLogsOnError",
        Resources = ResourceShares.Of(options.Resources, index, app.Spec.Containers.Count),
        SecurityContext = Confined(),
    };

    private static V1EnvVar Variable(HashedApp app, EnvironmentVariable variable) => new()
    {
        Name = variable.Name,
        Value = variable.ValueFrom is null ? variable.Value ?? "" : null,
        ValueFrom = variable.ValueFrom is { SecretKeyRef.Key: var key }
            ? new V1EnvVarSource { SecretKeyRef = new V1SecretKeySelector { Name = app.ObjectName, Key = key } } : null,
    };

    /// <summary>
    /// An app may be root inside its container, as most images are, but without root's capabilities, except to bind ports below 1024.
    /// </summary>
    public static V1SecurityContext Confined() => new()
    {
        Privileged = false,
        AllowPrivilegeEscalation = false,
        Capabilities = new V1Capabilities { Drop = ["ALL"], Add = ["NET_BIND_SERVICE"] },
    };
}
