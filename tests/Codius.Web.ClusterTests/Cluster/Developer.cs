using System.Security.Cryptography;
using k8s;

namespace Codius.Web.ClusterTests.Cluster;

/// <summary>A developer with a deploy token and kubectl, but no kubeconfig and no client certificate.</summary>
internal sealed class Developer
{
    private static readonly string Server = KubernetesClientConfiguration.BuildConfigFromConfigFile(TestCluster.Kubeconfig).Host;

    public string Token { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    public Balances.AccountId Account => Balances.AccountId.OfDeployToken(Token);

    public Task<(int Exit, string Text)> ApplyAsync(string manifest, params string[] arguments) =>
        RunAsync(manifest, ["apply", "-f", "-", .. arguments]);

    public async Task<(int Exit, string Text)> RunAsync(string? input, params string[] arguments)
    {
        var (exit, output, errors) = await TestCluster.RunAsync("kubectl",
            ["--kubeconfig=/dev/null", $"--server={Server}",
                $"--certificate-authority={Path.Combine(TestCluster.Folder, "pki/ca.crt")}", $"--token={Token}", .. arguments], input);
        return (exit, output + errors);
    }
}
