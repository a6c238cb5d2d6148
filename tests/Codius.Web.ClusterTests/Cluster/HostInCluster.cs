using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using Codius.Testing;
using Codius.Testing.Stores;
using Codius.Web.Apps.Kubernetes.Leading;
using Codius.Web.Balances;
using k8s;
using k8s.Models;

namespace Codius.Web.ClusterTests.Cluster;

/// <summary>
/// A whole host inside the cluster, as <c>kubectl apply -k</c> makes it of <c>tests/cluster/gateways</c>: two gateways as pods of an image
/// of their own. Only its Redis is outside, on this machine.
/// </summary>
public sealed class HostInCluster(TestCluster cluster) : IAsyncLifetime
{
    public const string ConnectorToken = "the-token-of-a-connector-in-a-test";

    private const string Namespace = "codius";
    private const string Deployment = "codius-web";
    private const string Overlay = "tests/cluster/gateways";
    private const string Label = "codius.org/test=gateways";

    /// <summary>The address of this machine for pods.</summary>
    private static readonly IPAddress ThisMachine = IPAddress.Parse("10.245.0.1");

    private readonly string _password = Guid.NewGuid().ToString("n");
    private readonly int _port = FreePort.Find();
    private RedisServer? _redis;
    private LedgerStore? _ledger;

    internal RedisBalanceLedger Ledger => _ledger!.Ledger;

    public async ValueTask InitializeAsync()
    {
        if (!TestCluster.IsOfThisMachine) return;
        await TestCluster.ClearAsync();
        _redis = new RedisServer("--bind", ThisMachine.ToString(), "--port", $"{_port}", "--requirepass", _password);
        await _redis.StartAsync(TestContext.Current.CancellationToken);
        _ledger = LedgerStore.OnRedis(
            new RedisOptions { ConnectionString = $"{ThisMachine}:{_port},password={_password}", Timeout = TimeSpan.FromSeconds(30) });
        await RemoveAsync();
        // As in docs/running-a-host.md.
        await TestCluster.KubectlAsync("create", "secret", "generic", "codius-web", "-n", Namespace,
            $"--from-literal=Host__Secret={Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))}",
            $"--from-literal=Admin__Token={Guid.NewGuid():n}", $"--from-literal=Payments__Connectors__upstream={ConnectorToken}");
        await TestCluster.KubectlAsync(
            "create", "secret", "generic", "codius-redis", "-n", Namespace, $"--from-literal=password={_password}");
        await TestCluster.KubectlAsync("apply", "-k", Path.Combine(Repository.Root, Overlay));
        await cluster.Client.CoreV1.CreateNamespacedEndpointsAsync(new V1Endpoints
        {
            Metadata = new V1ObjectMeta
            {
                Name = "codius-redis",
                Labels = new Dictionary<string, string> { ["codius.org/test"] = "gateways" }
            },
            Subsets = [new V1EndpointSubset
            {
                Addresses = [new V1EndpointAddress { Ip = ThisMachine.ToString() }],
                Ports = [new Corev1EndpointPort { Name = "redis", Port = _port }]
            }],
        }, Namespace);
        await RolledOutAsync();
    }

    /// <summary>The ready gateways, once there are two and no others.</summary>
    internal async Task<(HostClient One, HostClient Other)> GatewaysAsync()
    {
        HostClient[] ready = [];
        await Eventually.TrueAsync<bool>("two gateways are ready", async () =>
        {
            var pods = await PodsAsync();
            ready = [.. pods.Where(IsReady)
                .Select(pod => new HostClient(pod.Metadata.Name, new IPEndPoint(IPAddress.Parse(pod.Status.PodIP), 8080)))];
            return ready.Length == 2 && pods.Count == 2 ? true : null;
        });
        return (ready[0], ready[1]);
    }

    /// <summary>Any gateway, by the address of their Service.</summary>
    internal async Task<HostClient> ServiceAsync()
    {
        var service = await cluster.Client.CoreV1.ReadNamespacedServiceAsync(Deployment, Namespace);
        return new HostClient("the Service", new IPEndPoint(IPAddress.Parse(service.Spec.ClusterIP), 80));
    }

    /// <summary>The pod whose gateway leads; null while none does.</summary>
    internal async Task<string?> LeaderAsync()
    {
        var lease = await cluster.Client.CoordinationV1.ReadNamespacedLeaseAsync(Leadership.LeaseName, Namespace);
        return (await PodsAsync()).Select(pod => pod.Metadata.Name)
            .FirstOrDefault(name => lease.Spec.HolderIdentity?.StartsWith(name + "-", StringComparison.Ordinal) == true);
    }

    /// <summary>Kills a gateway as a crash does, and its pod with it.</summary>
    internal async Task KillAsync(HostClient gateway)
    {
        var pod = await cluster.Client.CoreV1.ReadNamespacedPodAsync(gateway.Name, Namespace);
        var container = pod.Status.ContainerStatuses.Single().ContainerID["containerd://".Length..];
        var socket = Path.Combine(Path.GetDirectoryName(TestCluster.Kubeconfig)!, "containerd/containerd.sock");
        using var kill = Process.Start("ctr", ["-a", socket, "-n", "k8s.io", "task", "kill", "-s", "SIGKILL", container]);
        await kill.WaitForExitAsync();
        Assert.Equal(0, kill.ExitCode);
        await TestCluster.KubectlAsync("delete", "pod", gateway.Name, "-n", Namespace, "--grace-period=0", "--force");
    }

    /// <summary>Replaces the gateways by new ones; returns when the old ones are gone.</summary>
    internal async Task RestartAsync()
    {
        var before = (await PodsAsync()).Select(pod => pod.Metadata.Name).ToHashSet();
        await TestCluster.KubectlAsync("rollout", "restart", "deployment", Deployment, "-n", Namespace);
        await RolledOutAsync();
        await Eventually.TrueAsync<bool>("the gateways of before are gone", async () =>
            (await PodsAsync()).Any(pod => before.Contains(pod.Metadata.Name)) ? null : true);
    }

    public async ValueTask DisposeAsync()
    {
        if (_redis is null) return;
        // While the gateways still run: they remove the objects of the apps.
        await TestCluster.ClearAsync();
        await RemoveAsync();
        _ledger?.Dispose();
        await _redis.DisposeAsync();
    }

    private static async Task RolledOutAsync()
    {
        try
        {
            await TestCluster.KubectlAsync("rollout", "status", "deployment", Deployment, "-n", Namespace, "--timeout=240s");
        }
        catch (InvalidOperationException late)
        {
            var logs = await TestCluster.KubectlAsync(
                "logs", "-n", Namespace, "-l", "app.kubernetes.io/name=codius-web", "--tail=20", "--prefix");
            throw new InvalidOperationException(
                $"{late.Message}\n{await TestCluster.KubectlAsync("get", "pods", "-n", Namespace)}\n{logs}", late);
        }
    }

    /// <summary>All but the namespaces and the custom resource, which the cluster's other tests use too.</summary>
    private static async Task RemoveAsync()
    {
        await TestCluster.KubectlAsync(
            "delete", "deployments,services,endpoints,configmaps,networkpolicies,resourcequotas,serviceaccounts,roles,rolebindings",
            "-A", "-l", Label);
        await TestCluster.KubectlAsync("delete", "clusterroles,clusterrolebindings", "-l", Label);
        await TestCluster.KubectlAsync("delete", "secrets", "codius-web", "codius-redis", "-n", Namespace, "--ignore-not-found");
        await TestCluster.KubectlAsync(
            "delete", "pods", "-n", Namespace, "-l", "app.kubernetes.io/name=codius-web", "--grace-period=0", "--force");
    }

    private async Task<IList<V1Pod>> PodsAsync() =>
        (await cluster.Client.CoreV1.ListNamespacedPodAsync(Namespace, labelSelector: "app.kubernetes.io/name=codius-web")).Items;

    private static bool IsReady(V1Pod pod) =>
        pod.Metadata.DeletionTimestamp is null
            && pod.Status.Conditions?.Any(condition => condition is { Type: "Ready", Status: "True" }) == true;
}
