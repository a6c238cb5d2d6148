using System.Text.Json.Nodes;
using Codius.Testing;
using Codius.Testing.Clusters;
using Codius.Web.Apps.Kubernetes.Leading;
using Microsoft.Extensions.DependencyInjection;

namespace Codius.Web.Tests.Apps.Kubernetes.Reconciling;

/// <summary>Which resolvers apps may ask.</summary>
public sealed class ResolverPolicyTests
{
    private const string Policy = $"PATCH /apis/networking.k8s.io/v1/namespaces/{FakeCluster.Namespace}/networkpolicies/apps-to-resolvers";

    [Fact]
    public async Task The_resolvers_of_the_settings_are_in_reach_by_the_setting_alone()
    {
        using var cluster = new FakeCluster();
        await using var gateway = await cluster.StartGatewayAsync("Kubernetes:Resolvers:0=10.0.0.2", "Kubernetes:Resolvers:1=2620:fe::fe");

        await Eventually.TrueAsync("the policy is applied", () => cluster.Writes.Contains(Policy));

        var policy = JsonNode.Parse(cluster.Writes.Zip(cluster.Bodies).First(write => write.First == Policy).Second)!["spec"]!;
        Assert.Equal("""["Egress"]""", policy["policyTypes"]!.ToJsonString());
        Assert.Equal("{}", policy["podSelector"]!.ToJsonString());
        var rule = Assert.Single(policy["egress"]!.AsArray())!;
        Assert.Equal(["10.0.0.2/32", "2620:fe::fe/128"], rule["to"]!.AsArray().Select(peer => (string?)peer!["ipBlock"]!["cidr"]));
        Assert.Equal(["UDP 53", "TCP 53"], rule["ports"]!.AsArray().Select(port => $"{port!["protocol"]} {port["port"]}"));
    }

    [Fact]
    public async Task With_the_default_ones_the_policies_that_were_installed_are_enough()
    {
        using var cluster = new FakeCluster();
        await using var gateway = await cluster.StartGatewayAsync();

        await Eventually.TrueAsync("it leads", () => gateway.Services.GetRequiredService<ILeadership>().IsLeader);

        Assert.DoesNotContain(Policy, cluster.Writes);
    }
}
