using System.Diagnostics;
using Codius.Testing;
using k8s;
using k8s.Models;

[assembly: AssemblyFixture(typeof(Codius.Web.ClusterTests.Cluster.TestCluster))]

namespace Codius.Web.ClusterTests.Cluster;

/// <summary>The real cluster that the environment names, with the CRD and the two namespaces in it; without one its tests are skipped.</summary>
public sealed class TestCluster : IAsyncLifetime
{
    public const string Image = "docker.io/codius/hello:test";
    public const string Namespace = "codius-apps";

    private k8s.Kubernetes? _client;

    public static string? Kubeconfig => Environment.GetEnvironmentVariable("CODIUS_TEST_KUBECONFIG");

    internal IKubernetes Client => _client ?? throw new InvalidOperationException("There is no cluster");

    public static void SkipWithout() => Assert.SkipWhen(string.IsNullOrEmpty(Kubeconfig), "This needs a Kubernetes: run ./test.sh --cluster");

    /// <summary>True if it is the one that <c>tests/cluster</c> started here.</summary>
    public static bool IsOfThisMachine => !string.IsNullOrEmpty(Kubeconfig) && File.Exists(PidFile);

    private static string PidFile => Path.Combine(Path.GetDirectoryName(Kubeconfig)!, "pids", "kube-apiserver");

    public static void SkipUnlessOfThisMachine()
    {
        SkipWithout();
        Assert.SkipUnless(IsOfThisMachine, "This needs the cluster of tests/cluster on this machine: run ./test.sh --cluster");
    }

    public async ValueTask InitializeAsync()
    {
        if (string.IsNullOrEmpty(Kubeconfig)) return;
        _client = new k8s.Kubernetes(KubernetesClientConfiguration.BuildConfigFromConfigFile(Kubeconfig));
        await KubectlAsync("apply", "-f", Path.Combine(Repository.Root, "deploy/base/crd.yaml"));
        await KubectlAsync("wait", "--for=condition=Established", "crd/services.core.codius.org", "--timeout=60s");
        foreach (var name in new[] { "codius", Namespace })
        {
            if ((await _client.CoreV1.ListNamespaceAsync(fieldSelector: $"metadata.name={name}")).Items.Count == 0)
                await _client.CoreV1.CreateNamespaceAsync(new V1Namespace { Metadata = new V1ObjectMeta { Name = name } });
        }
        await ClearAsync();
    }

    /// <summary>Takes all apps away and waits until nothing of them is left.</summary>
    public static async Task ClearAsync()
    {
        await KubectlAsync("delete", "services.core.codius.org", "--all", "--wait=true");
        await KubectlAsync("delete", "deployments,services,secrets", "-n", Namespace, "-l", "codius.org/service");
        await KubectlAsync("delete", "pods", "-n", Namespace, "-l", "codius.org/service", "--grace-period=1", "--wait=true");
    }

    /// <summary>Runs kubectl as the cluster's administrator; returns what it wrote.</summary>
    public static async Task<string> KubectlAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("kubectl", arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["KUBECONFIG"] = Kubeconfig;
        using var kubectl = Process.Start(start)!;
        var errors = kubectl.StandardError.ReadToEndAsync();
        var output = await kubectl.StandardOutput.ReadToEndAsync();
        await kubectl.WaitForExitAsync();
        return kubectl.ExitCode == 0 ? output : throw new InvalidOperationException($"kubectl {string.Join(' ', arguments)}: {await errors}");
    }

    /// <summary>Stops the API server of <c>tests/cluster</c>, as a machine that hangs, or lets it go on.</summary>
    public static async Task SignalApiServerAsync(string signal)
    {
        SkipUnlessOfThisMachine();
        using var kill = Process.Start("kill", ["-" + signal, (await File.ReadAllTextAsync(PidFile)).Trim()]);
        await kill.WaitForExitAsync();
    }

    public ValueTask DisposeAsync()
    {
        _client?.Dispose();
        return ValueTask.CompletedTask;
    }
}
