using System.Net;
using System.Net.Sockets;
using Codius.Web.Apps.Kubernetes.Leading;
using Codius.Web.Apps.Kubernetes.Objects;
using Codius.Web.Hosting.Supervision;
using k8s;
using k8s.Autorest;
using k8s.Models;
using Microsoft.Extensions.Options;

namespace Codius.Web.Apps.Kubernetes.Reconciling;

/// <summary>
/// The leader lets apps reach port 53 of <c>Kubernetes:Resolvers</c>, by a network policy of its own beside those of <c>deploy/base</c>,
/// which know the default ones only: so the setting alone is enough for names to resolve. Applied again from time to time.
/// </summary>
internal sealed partial class ResolverPolicy(
    IKubernetes client, ILeadership leadership, IOptions<KubernetesOptions> options, Supervisor supervisor, TimeProvider time,
    ILogger<ResolverPolicy> log) : SupervisedService(supervisor.Work("policy of the resolvers"))
{
    public const string Name = "apps-to-resolvers";

    private static readonly TimeSpan Every = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(15);

    protected override Task RunAsync(CancellationToken stoppingToken) => options.Value.Resolvers.Count == 0 ? Task.CompletedTask
        : new LeaderRounds(leadership, time).RunAsync(Every, async end => await TryApplyAsync(end) ? null : RetryAfter, stoppingToken);

    private async Task<bool> TryApplyAsync(CancellationToken cancellation)
    {
        try
        {
            await client.NetworkingV1.PatchNamespacedNetworkPolicyAsync(new V1Patch(Policy(), V1Patch.PatchType.ApplyPatch), Name,
                options.Value.Namespace, fieldManager: AppObjects.Manager, force: true, cancellationToken: cancellation);
            Work.Succeeded();
            return true;
        }
        catch (Exception trouble) when (trouble is HttpOperationException or HttpRequestException or IOException
            || (trouble is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            LogNotApplied(trouble is HttpOperationException { Response.Content: { Length: > 0 } content } ? content : trouble.Message);
            return false;
        }
    }

    private V1NetworkPolicy Policy() => new()
    {
        ApiVersion = "networking.k8s.io/v1",
        Kind = V1NetworkPolicy.KubeKind,
        Metadata = new V1ObjectMeta
        {
            Name = Name,
            NamespaceProperty = options.Value.Namespace,
            Labels = new Dictionary<string, string> { [AppObjects.ManagedBy] = AppObjects.Manager },
        },
        Spec = new V1NetworkPolicySpec
        {
            PodSelector = new V1LabelSelector(),
            PolicyTypes = ["Egress"],
            Egress =
            [
                new V1NetworkPolicyEgressRule
                {
                    To = [.. options.Value.Resolvers.Select(text => new V1NetworkPolicyPeer { IpBlock = Only(IPAddress.Parse(text)) })],
                    Ports = [Dns("UDP"), Dns("TCP")],
                },
            ],
        },
    };

    private static V1IPBlock Only(IPAddress address) =>
        new() { Cidr = $"{address}/{(address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128)}" };

    private static V1NetworkPolicyPort Dns(string protocol) => new() { Protocol = protocol, Port = 53 };

    [LoggerMessage(LogLevel.Warning, "Apps may not reach Kubernetes:Resolvers yet; the network policy cannot be written: {Cause}")]
    private partial void LogNotApplied(string cause);
}
