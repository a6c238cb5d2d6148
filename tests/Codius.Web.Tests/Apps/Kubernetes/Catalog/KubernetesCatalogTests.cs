using System.Text.Json.Nodes;
using Codius.Testing;
using Codius.Testing.Clusters;
using Codius.Web.Apps;
using Codius.Web.Apps.Kubernetes.Catalog;
using Codius.Web.Apps.Manifests;
using Codius.Web.Balances;
using Codius.Web.Balances.Storage;
using Codius.Web.Hosting.Supervision;
using Codius.Web.Tests.Apps.Manifests;
using Microsoft.Extensions.DependencyInjection;

namespace Codius.Web.Tests.Apps.Kubernetes.Catalog;

/// <summary>The custom resources as a snapshot, in the whole gateway.</summary>
public sealed class KubernetesCatalogTests
{
    private const string NoContainers = """{"containers":[],"port":80}""";

    private static readonly string Hash = HashOf("""{"containers":[{"name":"web","image":"nginx"}],"port":80}""");

    [Fact]
    public async Task A_resource_that_cannot_be_read_leaves_its_app_as_it_was_and_the_others_are_read()
    {
        using var cluster = new FakeCluster();
        cluster.Add(FakeCluster.Apps, Broken("never-read"));
        cluster.Add(FakeCluster.Apps, FakeCluster.Resource("changed", Hash));
        await using var gateway = await cluster.StartGatewayAsync();
        var catalog = gateway.Services.GetRequiredService<KubernetesCatalog>();
        Assert.False(catalog.Current.TryFind("never-read", out _));

        await cluster.ReportAsync(FakeCluster.Apps, "MODIFIED", Broken("changed", version: "2"));
        await cluster.ReportAsync(FakeCluster.Apps, "ADDED", FakeCluster.Resource("added", Hash, version: "3"));

        await Eventually.TrueAsync("the other is hosted", () => catalog.Current.TryFind("added", out _));
        Assert.True(catalog.Current.TryFind("changed", out var app));
        Assert.Equal(Hash, app.Hash);
        Assert.NotNull(catalog.FaultOf("changed"));
        Assert.NotNull(catalog.FaultOf("never-read"));
        Assert.Equal(2, catalog.Faulty);
        var work = gateway.Services.GetRequiredService<Supervisor>().Records.Single(record => record.Status.Name == "catalog");
        Assert.Equal(2, work.Status.Failures);
    }

    [Fact]
    public async Task What_the_owner_set_about_visits_is_read()
    {
        using var cluster = new FakeCluster();
        var resource = JsonNode.Parse(FakeCluster.Resource("web", Hash))!;
        var annotations = resource["metadata"]!["annotations"]!;
        annotations[AppAnnotations.RequestsPerSecond] = "7";
        annotations[AppAnnotations.RequestBurst] = "many";
        annotations[AppAnnotations.DoNotWake] = "/cron";
        cluster.Add(FakeCluster.Apps, resource.ToJsonString());
        await using var gateway = await cluster.StartGatewayAsync();

        Assert.True(gateway.Services.GetRequiredService<KubernetesCatalog>().Current.TryFind("web", out var app));
        // One that no webhook validated is ignored.
        Assert.Equal(new VisitSettings(RequestsPerSecond: 7, RequestBurst: null, DoNotWake: "/cron"), app.Visits);
    }

    [Fact]
    public async Task The_owner_of_an_app_is_on_record_as_long_as_it_exists_and_afterwards()
    {
        var alice = AccountId.OfDeployToken("alice");
        using var cluster = new FakeCluster();
        await using var gateway = await cluster.StartGatewayAsync();
        var names = gateway.Services.GetRequiredService<INameHolds>();
        var resource = JsonNode.Parse(FakeCluster.Resource("web", Hash))!;
        var annotations = resource["metadata"]!["annotations"]!;
        annotations[AppAnnotations.Owner] = $"{alice}";
        annotations[AppAnnotations.OwnerSeal] = gateway.Services.GetRequiredService<OwnerSignature>().Sign("web", alice);
        var database = gateway.Services.GetRequiredService<RedisStore>().Connection.GetDatabase();

        await cluster.ReportAsync(FakeCluster.Apps, "ADDED", resource.ToJsonString());
        await Eventually.TrueAsync("it is on record", async () =>
            await database.StringGetAsync("codius:{web}:kept") == $"{alice}" ? true : (bool?)null);

        await cluster.ReportAsync(FakeCluster.Apps, "DELETED", resource.ToJsonString());
        await Eventually.TrueAsync("its time has begun", async () =>
            ((string?)await database.StringGetAsync("codius:{web}:kept"))!.StartsWith($"{alice} ", StringComparison.Ordinal)
                ? true : (bool?)null);
        Assert.Equal(alice, await names.OwnerAsync("web", TestContext.Current.CancellationToken));
    }

    /// <summary>Its hash is right, but it has no image for the catalog.</summary>
    private static string Broken(string name, string version = "1") =>
        FakeCluster.Resource(name, HashOf(NoContainers), version, NoContainers);

    private static string HashOf(string spec) => ManifestHash.OfSpec(Manifest.Read($$"""{"spec":{{spec}}}""").Spec);
}
