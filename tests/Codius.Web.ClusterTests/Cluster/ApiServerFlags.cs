using Codius.Testing;
using k8s;

namespace Codius.Web.ClusterTests.Cluster;

/// <summary>
/// Makes the cluster's API server call a gateway outside the cluster about deploy tokens and apps: the steps of
/// docs/running-a-host.md, with the scripts and manifests of deploy/.
/// </summary>
internal static class ApiServerFlags
{
    private const string Service = "codius-web-webhooks";

    private static readonly string Base = Path.Combine(Repository.Root, "deploy/base");
    private static readonly string Prepare = Path.Combine(Repository.Root, "deploy/api-server/prepare");

    /// <summary>The authority of the API servers that the gateway trusts.</summary>
    public static string ClientAuthority => Path.Combine(Folder, "ca.crt");

    private static string Folder => Path.Combine(TestCluster.Folder, "codius");

    private static string Tokens => Path.Combine(Folder, "tokens.yaml");

    /// <summary>Before a gateway starts.</summary>
    public static async Task PrepareAsync()
    {
        TestCluster.SkipUnlessOfThisMachine();
        await RunAsync(Prepare, "client", Folder);
        foreach (var file in (string[])["deployers.yaml", "webhooks.yaml"])
            await TestCluster.KubectlAsync("apply", "-f", Path.Combine(Base, file));
    }

    /// <summary>When the gateway leads: the API server finds it, gets its flags once, and calls it for every change.</summary>
    public static async Task PointAtAsync(GatewayUnderTest gateway, IKubernetes client)
    {
        await ApplyServiceAsync(gateway.WebhookPort);
        await Eventually.TrueAsync<bool>("the gateway has made its certificate", async () =>
        {
            var secrets = await client.CoreV1.ListNamespacedSecretAsync("codius", fieldSelector: $"metadata.name={Service}");
            return secrets.Items.Count == 1 ? true : null;
        });
        var before = File.Exists(Tokens) ? await ReadAsync() : "";
        await RunAsync(Prepare, "tokens", Folder);
        if (before != await ReadAsync() || !(await TestCluster.ApiServerCommandAsync()).Contains(Tokens, StringComparison.Ordinal))
        {
            await RunAsync(Path.Combine(Repository.Root, "tests/cluster/cluster"), "api-server",
                $"--apiserver-arg=--admission-control-config-file={Folder}/admission.yaml",
                $"--apiserver-arg=--authentication-token-webhook-config-file={Tokens}");
        }
        // It reads webhook configurations after a moment; until then a manifest that the gateway rejects is accepted.
        await Eventually.TrueAsync<bool>("the API server calls the gateway", async () =>
        {
            var (_, _, errors) = await TestCluster.RunAsync(
                "kubectl", ["apply", "--dry-run=server", "-f", "-"], Manifests.Hello("probe", image: "elsewhere.example/app"));
            return errors.Contains("not from a registry", StringComparison.Ordinal) ? true : null;
        });
    }

    private static async Task<string> ReadAsync() =>
        await File.ReadAllTextAsync(Tokens) + await File.ReadAllTextAsync(Path.Combine(Folder, "gateway-ca.crt"));

    // The Service of deploy/ selects pods; this one leads to this machine.
    private static async Task ApplyServiceAsync(int port)
    {
        var (exit, _, errors) = await TestCluster.RunAsync("kubectl", ["apply", "-f", "-"], $$"""
            apiVersion: v1
            kind: Service
            metadata: {name: {{Service}}, namespace: codius}
            spec: {ports: [{name: webhooks, port: 443}]}
            ---
            apiVersion: v1
            kind: Endpoints
            metadata: {name: {{Service}}, namespace: codius}
            subsets: [{addresses: [{ip: {{TestCluster.ThisMachine}}}], ports: [{name: webhooks, port: {{port}}}]}]
            """);
        Assert.True(exit == 0, errors);
    }

    private static async Task RunAsync(string script, params string[] arguments)
    {
        var (exit, output, errors) = await TestCluster.RunAsync(script, arguments);
        Assert.True(exit == 0, $"{script}: {output}{errors}");
    }
}
