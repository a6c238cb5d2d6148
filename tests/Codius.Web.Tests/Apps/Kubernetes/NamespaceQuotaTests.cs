using Codius.Testing.Clusters;
using Codius.Web.Apps.Kubernetes;
using k8s.Models;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Codius.Web.Tests.Apps.Kubernetes;

/// <summary>What is read of the resource quota of the apps' namespace.</summary>
public sealed class NamespaceQuotaTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly FakeCluster _cluster = new();
    private readonly NamespaceQuota _quota;

    public NamespaceQuotaTests() => _quota = new NamespaceQuota(
        _cluster.Client, Options.Create(new KubernetesOptions { Namespace = FakeCluster.Namespace }), _time,
        NullLogger<NamespaceQuota>.Instance);

    public void Dispose()
    {
        _cluster.Client.Dispose();
        _cluster.Dispose();
    }

    [Fact]
    public async Task What_is_used_is_read_of_all_that_is_bounded_and_may_be_used()
    {
        Add("apps", ("pods", "9", "10"), ("limits.memory", "1536Mi", "32Gi"), ("services.nodeports", "0", "0"), ("secrets", null, "5"));
        Add("stricter", ("pods", "9", "9"));

        Assert.Equal(
            [("limits.memory", "1536Mi", "32Gi", 4), ("pods", "9", "9", 100), ("secrets", "0", "5", 0)],
            (await _quota.ReadAsync())!.Select(use => (use.Resource, use.Used, use.Hard, use.Percent)));
    }

    [Fact]
    public async Task It_is_read_once_in_a_while_however_many_ask()
    {
        Add("apps", ("pods", "1", "10"));
        await Task.WhenAll(Enumerable.Range(0, 20).Select(async _ => await _quota.ReadAsync()));
        _time.Advance(NamespaceQuota.Kept - TimeSpan.FromSeconds(1));
        await _quota.ReadAsync();
        Assert.Single(_cluster.Lists, FakeCluster.Quotas);
        _time.Advance(TimeSpan.FromSeconds(1));
        await _quota.ReadAsync();

        Assert.Equal(2, _cluster.Lists.Count(path => path == FakeCluster.Quotas));
    }

    [Fact]
    public async Task Where_there_is_none_and_while_the_cluster_is_away_there_is_nothing_to_show()
    {
        Assert.Null(await _quota.ReadAsync());
        Add("apps", ("pods", "1", "10"));
        _cluster.IsAway = true;
        _time.Advance(NamespaceQuota.Kept);
        Assert.Null(await _quota.ReadAsync());
        _cluster.IsAway = false;
        _time.Advance(NamespaceQuota.Kept);

        Assert.Single((await _quota.ReadAsync())!);
    }

    private void Add(string name, params (string Resource, string? Used, string Hard)[] resources) => _cluster.Add(
        FakeCluster.Quotas, new V1ResourceQuota
        {
            Metadata = FakeCluster.Metadata(name),
            Status = new V1ResourceQuotaStatus
            {
                Hard = resources.ToDictionary(each => each.Resource, each => new ResourceQuantity(each.Hard)),
                Used = resources.Where(each => each.Used is not null)
                    .ToDictionary(each => each.Resource, each => new ResourceQuantity(each.Used)),
            },
        });
}
