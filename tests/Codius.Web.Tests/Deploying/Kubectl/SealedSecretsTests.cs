using System.Text.Json.Nodes;
using Codius.Web.Apps.Manifests;
using Codius.Web.Balances;

namespace Codius.Web.Tests.Deploying.Kubectl;

/// <summary>Secrets never reach etcd in clear, and kubectl's merge neither loses nor mixes them.</summary>
public sealed class SealedSecretsTests(DeployOnRedis fixture) : IClassFixture<DeployOnRedis>
{
    private const string Manifest = """
        {"spec":{"containers":[{"name":"web","image":"nginx","env":[{"name":"PW","valueFrom":{"secretKeyRef":{"key":"pw"}}}]}],"port":80},
         "secretData":{"pw":"hunter2","nonce":"n0nce"}}
        """;

    private readonly DeployHost _host = fixture.Host;
    private readonly AdmissionClient _admission = new(fixture.Host);

    [Fact]
    public async Task Secrets_are_sealed_and_taken_out_of_what_kubectl_remembers()
    {
        var token = await _host.TokenAsync();
        var service = AdmissionClient.Service("sealed", Manifest);
        service["metadata"]!["annotations"] =
            new JsonObject { ["kubectl.kubernetes.io/last-applied-configuration"] = service.ToJsonString() + "\n" };

        var admitted = await _admission.CreateAsync(AdmissionClient.Deployer(token), service);

        Assert.True(admitted.IsAllowed, admitted.Message);
        var stored = admitted.Object!.ToJsonString();
        Assert.DoesNotContain("hunter2", stored, StringComparison.Ordinal);
        Assert.DoesNotContain("n0nce", stored, StringComparison.Ordinal);
        var remembered = JsonNode.Parse(admitted.Annotation("kubectl.kubernetes.io/last-applied-configuration")!)!;
        Assert.Null(remembered["secretData"]);
        Assert.NotNull(remembered["spec"]);
        // The hash is that of the secrets in clear, as in 2020.
        var hash = ManifestHash.OfSpec(ManifestHash.FillIn(Apps.Manifests.Manifest.Read(Manifest)).Spec);
        Assert.Equal(hash, admitted.Annotation("codius.org/hash"));
        Assert.True(_host.Get<SecretSeal>().TryOpen("sealed", AccountId.OfDeployToken(token), SecretsOf(admitted.Object), out var clear));
        Assert.Equal("hunter2", clear!["pw"]);
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("[]")]
    public async Task What_kubectl_cannot_have_written_there_is_dropped(string remembered)
    {
        var service = AdmissionClient.Service("odd", Manifest);
        service["metadata"]!["annotations"] = new JsonObject { ["kubectl.kubernetes.io/last-applied-configuration"] = remembered };

        var admitted = await _admission.CreateAsync(AdmissionClient.Deployer(await _host.TokenAsync()), service);

        Assert.Null(admitted.Annotation("kubectl.kubernetes.io/last-applied-configuration"));
    }

    [Fact]
    public async Task Applying_the_same_manifest_again_changes_nothing()
    {
        var token = await _host.TokenAsync();
        var there = (await _admission.CreateAsync(AdmissionClient.Deployer(token), AdmissionClient.Service("same", Manifest))).Object!;
        // kubectl does not find its secrets in the last-applied annotation, so it adds them beside the sealed ones.
        var applied = there.DeepClone().AsObject();
        applied["secretData"]!["pw"] = "hunter2";
        applied["secretData"]!["nonce"] = "n0nce";
        applied["spec"] = AdmissionClient.Service("same", Manifest)["spec"]!.DeepClone();

        var again = await _admission.UpdateAsync(AdmissionClient.Deployer(token), applied, there);

        Assert.True(again.IsAllowed, again.Message);
        Assert.True(JsonNode.DeepEquals(there, again.Object));
    }

    [Fact]
    public async Task A_secret_that_is_gone_from_the_manifest_is_gone_from_the_app()
    {
        var token = await _host.TokenAsync(deploys: 2);
        var there = (await _admission.CreateAsync(AdmissionClient.Deployer(token), AdmissionClient.Service("fewer", Manifest))).Object!;
        var applied = there.DeepClone().AsObject();
        applied["secretData"]!["pw"] = "hunter3";

        var admitted = await _admission.UpdateAsync(AdmissionClient.Deployer(token), applied, there);

        Assert.True(admitted.IsAllowed, admitted.Message);
        Assert.True(_host.Get<SecretSeal>().TryOpen("fewer", AccountId.OfDeployToken(token), SecretsOf(admitted.Object!), out var clear));
        Assert.Equal(new Dictionary<string, string> { ["pw"] = "hunter3" }, clear);
        Assert.Contains("nonce", (string)admitted.Answer["warnings"]![0]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_change_of_something_else_keeps_the_secrets()
    {
        var token = await _host.TokenAsync(deploys: 2);
        var service = AdmissionClient.Service("kept-secrets", Manifest);
        var there = (await _admission.CreateAsync(AdmissionClient.Deployer(token), service)).Object!;
        var changed = there.DeepClone().AsObject();
        changed["spec"]!["port"] = 8080;

        var admitted = await _admission.UpdateAsync(AdmissionClient.Deployer(token), changed, there);

        Assert.True(admitted.IsAllowed, admitted.Message);
        Assert.True(JsonNode.DeepEquals(there["secretData"], admitted.Object!["secretData"]));
    }

    [Fact]
    public async Task A_sealed_value_opens_in_no_other_app()
    {
        var (mine, other) = (await _host.TokenAsync(deploys: 2), await _host.TokenAsync());
        var there = (await _admission.CreateAsync(AdmissionClient.Deployer(mine), AdmissionClient.Service("origin", Manifest))).Object!;
        var copy = AdmissionClient.Service("copy", Manifest);
        copy["secretData"] = there["secretData"]!.DeepClone();

        foreach (var token in (string[])[mine, other])
        {
            var admitted = await _admission.CreateAsync(AdmissionClient.Deployer(token), copy);
            Assert.Equal(422, admitted.Code);
            Assert.Contains("secretData: was sealed for another app", admitted.Message, StringComparison.Ordinal);
        }
    }

    private static Dictionary<string, string> SecretsOf(JsonObject service) =>
        service["secretData"]!.AsObject().ToDictionary(pair => pair.Key, pair => (string)pair.Value!);
}
