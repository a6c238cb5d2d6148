using Codius.Web.Hosting;
using k8s;
using k8s.Exceptions;
using Microsoft.Extensions.Options;

namespace Codius.Web.Apps.Kubernetes;

/// <summary>Creates the client of the cluster's API server.</summary>
internal static class ClusterClient
{
    /// <summary>How long one call may take; callers retry.</summary>
    public static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(10);

    /// <exception cref="StartupFaultException">There is no usable configuration.</exception>
    public static IKubernetes Open(IServiceProvider provider)
    {
        var options = provider.GetRequiredService<IOptions<KubernetesOptions>>().Value;
        try
        {
            var configuration = options.Kubeconfig is { } file
                ? KubernetesClientConfiguration.BuildConfigFromConfigFile(new FileInfo(file))
                : KubernetesClientConfiguration.InClusterConfig();
            configuration.HttpClientTimeout = CallTimeout;
            // Each watch and call on a connection of its own: over one HTTP/2 connection, one that breaks takes all watches along.
            configuration.DisableHttp2 = true;
            var retry = ClusterRetry.Create(provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILoggerFactory>());
            return new k8s.Kubernetes(configuration, retry);
        }
        catch (Exception wrong) when (wrong is KubeConfigException or IOException or FormatException)
        {
            throw new StartupFaultException(
                $"Kubernetes:Kubeconfig: {wrong.Message} Leave it out inside a cluster; outside, name a kubeconfig file.", wrong);
        }
    }
}
