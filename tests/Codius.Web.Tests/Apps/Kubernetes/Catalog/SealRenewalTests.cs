using System.Text.Json.Nodes;
using Codius.Testing;
using Codius.Testing.Clusters;
using Codius.Web.Apps;
using Codius.Web.Apps.Kubernetes.Resources;
using Codius.Web.Apps.Manifests;
using Codius.Web.Balances;
using Codius.Web.Hosting;
using Codius.Web.Hosting.Secrets;
using Microsoft.Extensions.Options;

namespace Codius.Web.Tests.Apps.Kubernetes.Catalog;

/// <summary>After the host's secret was changed, nothing stored needs the earlier one for long, so that it can be dropped.</summary>
public sealed class SealRenewalTests
{
    private static readonly AccountId Alice = AccountId.OfDeployToken("a-deploy-token-of-alice");
    private static readonly (string Text, HostSecret Secret) Old = Secret(1);
    private static readonly (string Text, HostSecret Secret) New = Secret(2);

    [Fact]
    public async Task What_an_earlier_secret_sealed_is_sealed_anew_at_the_version_that_was_read_and_the_rest_is_left_alone()
    {
        using var cluster = new FakeCluster();
        cluster.Add(FakeCluster.Apps, Resource("old", Old.Secret));
        cluster.Add(FakeCluster.Apps, Resource("new", New.Secret));
        await using var gateway = await cluster.StartGatewayAsync($"Host:Secret={New.Text}", $"Host:PreviousSecrets:0={Old.Text}");

        await Eventually.TrueAsync("it is sealed anew", () => Replacements(cluster).Any());

        var replaced = Replacements(cluster).First();
        Assert.Equal(("old", "7"), ((string?)replaced["metadata"]!["name"], (string?)replaced["metadata"]!["resourceVersion"]));
        var resource = AppResource.Of(System.Text.Json.JsonSerializer.SerializeToElement(replaced));
        // Without the earlier secret.
        var secrets = new HostSecrets(New.Secret, []);
        var (app, fault) = new ResourceReader(new OwnerSignature(secrets), new SecretSeal(secrets)).Read(resource);
        Assert.Null(fault);
        Assert.Equal((Alice, "hunter2"), (app!.Owner!.Value, app.SecretData!["password"]));
        Assert.DoesNotContain(Replacements(cluster), one => (string?)one["metadata"]!["name"] == "new");
    }

    [Fact]
    public void What_the_current_secret_sealed_needs_no_other()
    {
        var both = new HostSecrets(New.Secret, [Old.Secret]);
        var reader = new ResourceReader(new OwnerSignature(both), new SecretSeal(both));

        Assert.True(reader.IsByCurrentSecret(Read(Resource("new", New.Secret))));
        Assert.False(reader.IsByCurrentSecret(Read(Resource("old", Old.Secret))));
    }

    private static IEnumerable<JsonNode> Replacements(FakeCluster cluster) =>
        cluster.Writes.Zip(cluster.Bodies).Where(write => write.First.StartsWith($"PUT {FakeCluster.Apps}/", StringComparison.Ordinal))
            .Select(write => JsonNode.Parse(write.Second)!);

    /// <summary>An app as the gateway stored it when this was the host's secret.</summary>
    private static string Resource(string name, HostSecret by)
    {
        var secrets = new HostSecrets(by, []);
        var names = new HostNames(Options.Create(new HostOptions { PublicUrl = new Uri("http://codius.test") }));
        var manifest = ManifestHash.FillIn(Manifest(name));
        var writer = new ResourceWriter(new DerivedFields(new OwnerSignature(secrets), new SecretSeal(secrets), names));
        var json = writer.Write(new StoredApp(name, ManifestHash.OfSpec(manifest.Spec), manifest.Spec, manifest.SecretData, Alice,
            new Dictionary<string, string>()), null);
        json["metadata"]!["uid"] = name;
        json["metadata"]!["resourceVersion"] = "7";
        return json.ToJsonString();
    }

    private static AppManifest Manifest(string name)
    {
        const string Reference = """{"name":"PASSWORD","valueFrom":{"secretKeyRef":{"key":"password"}}}""";
        return Manifests.Manifest.Read(
            $"{{\"spec\":{{\"containers\":[{{\"name\":\"{name}\",\"image\":\"nginx\",\"env\":[{Reference}]}}]}},"
            + "\"secretData\":{\"password\":\"hunter2\"}}");
    }

    private static AppResource Read(string json) => AppResource.Of(System.Text.Json.JsonDocument.Parse(json).RootElement);

    private static (string, HostSecret) Secret(byte filled)
    {
        var bytes = Enumerable.Repeat(filled, HostSecret.Length).ToArray();
        return (Convert.ToBase64String(bytes), new HostSecret(bytes));
    }
}
