using System.Diagnostics;
using Codius.Testing;
using k8s;
using k8s.Models;

[assembly: AssemblyFixture(typeof(Codius.Web.ClusterTests.Cluster.TestCluster))]

namespace Codius.Web.ClusterTests.Cluster;

/// <summary>
/// The real cluster that the environment names, with the CRD and the two namespaces in it; without one its tests are skipped.
/// </summary>
public sealed class TestCluster : IAsyncLifetime
{
    public const string Image = "docker.io/codius/hello:test";
    public const string Namespace = "codius-apps";

    /// <summary>The address of the machine of <c>tests/cluster</c> for pods and the cluster's Services.</summary>
    public const string ThisMachine = "10.245.0.1";

    private k8s.Kubernetes? _client;

    public static string? Kubeconfig => Environment.GetEnvironmentVariable("CODIUS_TEST_KUBECONFIG");

    /// <summary>Where the cluster of <c>tests/cluster</c> keeps its files.</summary>
    public static string Folder => Path.GetDirectoryName(Kubeconfig)!;

    internal IKubernetes Client => _client ?? throw new InvalidOperationException("There is no cluster");

    public static void SkipWithout() =>
        Assert.SkipWhen(string.IsNullOrEmpty(Kubeconfig), "This needs a Kubernetes: run ./test.sh --cluster");

    /// <summary>True if it is the one that <c>tests/cluster</c> started here.</summary>
    public static bool IsOfThisMachine => !string.IsNullOrEmpty(Kubeconfig) && File.Exists(PidFile);

    private static string PidFile => Path.Combine(Folder, "pids/kube-apiserver");

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

    /// <summary>Deletes all apps and waits until none of their objects is left.</summary>
    public static async Task ClearAsync()
    {
        // First, since no gateway answers these webhooks any more, and without an answer no app can be deleted.
        await KubectlAsync("delete", "mutatingwebhookconfigurations,validatingwebhookconfigurations", "codius-web", "--ignore-not-found");
        await KubectlAsync("delete", "services.core.codius.org", "--all", "--wait=true");
        // With the ReplicaSets, which would create new pods.
        await KubectlAsync("delete", "deployments", "-n", Namespace, "-l", "codius.org/service", "--cascade=foreground");
        await KubectlAsync("delete", "services,secrets", "-n", Namespace, "-l", "codius.org/service");
        await KubectlAsync("delete", "pods", "-n", Namespace, "-l", "codius.org/service", "--grace-period=1", "--wait=true");
        await Eventually.TrueAsync<bool>("no pod of an app is left",
            async () => await KubectlAsync("get", "pods", "-n", Namespace, "-l", "codius.org/service", "-o", "name") is "" ? true : null);
    }

    /// <summary>Runs kubectl as the cluster's administrator; returns what it wrote.</summary>
    public static async Task<string> KubectlAsync(params string[] arguments)
    {
        var (exit, output, errors) = await RunAsync("kubectl", arguments);
        return exit == 0 ? output : throw new InvalidOperationException($"kubectl {string.Join(' ', arguments)}: {errors}");
    }

    /// <summary>The hash that an app of this name has there.</summary>
    public static Task<string> HashOfAsync(string app) =>
        KubectlAsync("get", "capp", app, "-o", "jsonpath={.metadata.annotations.codius\\.org/hash}");

    /// <summary>Runs a program with the administrator's kubeconfig.</summary>
    public static async Task<(int Exit, string Output, string Errors)> RunAsync(string program, string[] arguments, string? input = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true
        };
        start.Environment["KUBECONFIG"] = Kubeconfig;
        using var running = Process.Start(start)!;
        var (output, errors) = (running.StandardOutput.ReadToEndAsync(), running.StandardError.ReadToEndAsync());
        await running.StandardInput.WriteAsync(input);
        running.StandardInput.Close();
        await running.WaitForExitAsync();
        return (running.ExitCode, await output, await errors);
    }

    /// <summary>The command that the API server of <c>tests/cluster</c> was started with.</summary>
    public static async Task<string> ApiServerCommandAsync() =>
        await File.ReadAllTextAsync($"/proc/{(await File.ReadAllTextAsync(PidFile)).Trim()}/cmdline");

    /// <summary>Suspends the API server of <c>tests/cluster</c> like a machine that hangs, or resumes it.</summary>
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
