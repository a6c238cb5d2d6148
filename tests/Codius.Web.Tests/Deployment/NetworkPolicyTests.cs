using System.Net;
using Codius.Web.Apps.Kubernetes;
using Codius.Web.Apps.Kubernetes.Objects;
using k8s.Models;
using Microsoft.Extensions.Options;

namespace Codius.Web.Tests.Deployment;

/// <summary>What the policies of <c>deploy/base</c> let an app reach, and who may reach it.</summary>
public sealed class NetworkPolicyTests
{
    [Theory]
    [InlineData("93.184.216.34", "TCP", 443)]
    [InlineData("93.184.216.34", "TCP", 80)]
    [InlineData("93.184.216.34", "TCP", 8443)]
    [InlineData("93.184.216.34", "UDP", 443)]
    [InlineData("2606:2800:220:1::1", "TCP", 443)]
    [InlineData("1.1.1.1", "UDP", 53)]
    [InlineData("9.9.9.9", "TCP", 53)]
    public async Task An_app_reaches_public_addresses_and_the_named_resolvers(string address, string protocol, int port) =>
        Assert.True(Allows(await PoliciesAsync(), IPAddress.Parse(address), protocol, port));

    [Theory]
    [InlineData("10.96.0.1", "TCP", 443)] // the API server
    [InlineData("10.244.0.7", "TCP", 80)] // another app
    [InlineData("172.16.0.1", "TCP", 443)]
    [InlineData("172.31.255.255", "TCP", 443)]
    [InlineData("192.168.1.1", "TCP", 80)]
    [InlineData("100.64.0.1", "TCP", 443)]
    [InlineData("169.254.169.254", "TCP", 80)] // a cloud's metadata
    [InlineData("168.63.129.16", "TCP", 80)] // Azure's own services
    [InlineData("127.0.0.1", "TCP", 80)]
    [InlineData("0.0.0.0", "TCP", 80)]
    [InlineData("224.0.0.1", "UDP", 443)]
    [InlineData("255.255.255.255", "UDP", 443)]
    [InlineData("fc00::1", "TCP", 443)]
    [InlineData("fd12:3456::1", "TCP", 443)]
    [InlineData("fe80::1", "TCP", 443)]
    [InlineData("::1", "TCP", 443)]
    [InlineData("2002:a00:1::", "TCP", 443)] // 10.0.0.1 in disguise
    [InlineData("93.184.216.34", "TCP", 25)]
    [InlineData("93.184.216.34", "UDP", 53)]
    [InlineData("93.184.216.34", "TCP", 53)]
    [InlineData("93.184.216.34", "UDP", 123)]
    public async Task An_app_reaches_nothing_else(string address, string protocol, int port) =>
        Assert.False(Allows(await PoliciesAsync(), IPAddress.Parse(address), protocol, port));

    [Theory]
    [InlineData("single-machine")]
    [InlineData("production")]
    public async Task An_app_reaches_none_of_the_clusters_own_addresses_that_the_overlay_names(string overlay)
    {
        var policies = await PoliciesAsync(Path.Combine("overlays", overlay));

        Assert.False(Allows(policies, IPAddress.Parse("203.0.113.7"), "TCP", 10250));
        Assert.False(Allows(policies, IPAddress.Parse("2001:db8::7"), "TCP", 10250));
        Assert.True(Allows(policies, IPAddress.Parse("93.184.216.34"), "TCP", 443));
        Assert.True(Allows(policies, IPAddress.Parse("2606:2800:220:1::1"), "TCP", 443));
    }

    [Fact]
    public async Task Only_the_gateway_reaches_an_app()
    {
        var policies = await PoliciesAsync();

        Assert.Contains(policies, policy => policy.Spec.PolicyTypes.Order().SequenceEqual(["Egress", "Ingress"])
            && policy.Spec.Ingress is null && policy.Spec.Egress is null);
        var peer = Assert.Single(Assert.Single(policies.SelectMany(policy => policy.Spec.Ingress ?? [])).FromProperty);
        Assert.Equal(("codius", "codius-web"),
            (Assert.Single(peer.NamespaceSelector.MatchLabels).Value, Assert.Single(peer.PodSelector.MatchLabels).Value));
        Assert.Null(peer.IpBlock);
    }

    [Fact]
    public async Task The_resolvers_of_the_policy_are_those_that_pods_ask()
    {
        var pod = new AppObjects(Options.Create(new KubernetesOptions()))
            .Deployment(new HashedApp(new string('a', 52), new Web.Apps.Manifests.AppSpec(), null, [])).Spec.Template.Spec;
        var policies = await PoliciesAsync();

        Assert.All(pod.DnsConfig.Nameservers, resolver => Assert.True(Allows(policies, IPAddress.Parse(resolver), "UDP", 53)));
    }

    private static async Task<V1NetworkPolicy[]> PoliciesAsync(string folder = "base")
    {
        var policies = (await Kustomized.ReadAsync(Path.Combine(Kustomized.Folder, folder))).OfType<V1NetworkPolicy>()
            .Where(policy => policy.Metadata.NamespaceProperty == "codius-apps").ToArray();
        // They hold for every pod there is.
        Assert.All(policies, policy => Assert.True(policy.Spec.PodSelector is { MatchLabels: null, MatchExpressions: null }));
        return policies;
    }

    private static bool Allows(IEnumerable<V1NetworkPolicy> policies, IPAddress address, string protocol, int port) =>
        policies.SelectMany(policy => policy.Spec.Egress ?? []).Any(rule =>
            rule.To.Any(peer =>
                peer.IpBlock is { } block && IsIn(block.Cidr, address) && !(block.Except ?? []).Any(except => IsIn(except, address)))
            && rule.Ports.Any(allowed => (allowed.Protocol ?? "TCP") == protocol && port >= int.Parse(allowed.Port.Value)
            && port <= (allowed.EndPort ?? int.Parse(allowed.Port.Value))));

    private static bool IsIn(string network, IPAddress address) => IPNetwork.Parse(network).Contains(address);
}
