using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Codius.Web.Apps;
using Codius.Web.Apps.Manifests;
using Codius.Web.Balances;
using Codius.Web.Deploying.Paying;

namespace Codius.Web.Tests.Deploying.Kubectl;

/// <summary>What the webhooks admit, what they patch, and what they charge.</summary>
public sealed class AdmissionTests(DeployOnRedis fixture) : IClassFixture<DeployOnRedis>
{
    private const string Hash = "mshtikjcpbqqpgjttntfxb5qqd5hclxydz43xq4cwrtpuyphdvza";

    private readonly DeployHost _host = fixture.Host;
    private readonly AdmissionClient _admission = new(fixture.Host);

    [Fact]
    public async Task A_deployers_app_gets_its_hash_its_host_name_and_its_owner()
    {
        var token = await _host.TokenAsync();

        var admitted = await _admission.CreateAsync(AdmissionClient.Deployer(token), AdmissionClient.Service("fresh"));

        Assert.True(admitted.IsAllowed, admitted.Message);
        var hash = ManifestHash.OfSpec(Apps.Manifests.Manifest.Read("""{"spec":{"containers":[{"name":"web","image":"nginx"}]}}""").Spec);
        Assert.Equal(hash, admitted.Annotation("codius.org/hash"));
        Assert.Equal("fresh.codius.example", admitted.Annotation("codius.org/hostname"));
        Assert.Equal("svc-" + hash, (string?)admitted.Object!["metadata"]!["labels"]!["codius.org/service"]);
        Assert.Equal(AccountId.OfDeployToken(token).ToString(), admitted.Annotation("codius.org/owner"));
        Assert.DoesNotContain(token, admitted.Object.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_price_is_set_aside_and_taken_when_the_app_appears()
    {
        var token = await _host.TokenAsync(deploys: 2);

        var admitted = await _admission.CreateAsync(AdmissionClient.Deployer(token), AdmissionClient.Service("appears"));

        Assert.Equal(DeployHost.Price, (await _host.BalanceAsync(token)).Leased);
        var owner = AccountId.OfDeployToken(token);
        await _host.Get<DeployReservations>().CommitAsync(new Deploy(owner, "appears", admitted.Annotation("codius.org/hash")!));
        var balance = await _host.BalanceAsync(token);
        Assert.Equal((DeployHost.Price, DeployHost.Price, 0UL), (balance.Available, balance.Spent, balance.Leased));
    }

    [Fact]
    public async Task A_dry_run_costs_nothing_and_needs_no_money()
    {
        var token = await _host.TokenAsync(deploys: 0);

        var admitted = await _admission.CreateAsync(AdmissionClient.Deployer(token), AdmissionClient.Service("dry"), dryRun: true);

        Assert.True(admitted.IsAllowed, admitted.Message);
    }

    [Fact]
    public async Task Who_cannot_pay_is_told_where_to()
    {
        var token = await _host.TokenAsync(deploys: 0);

        var admitted = await _admission.CreateAsync(AdmissionClient.Deployer(token), AdmissionClient.Service("poor"));

        Assert.Equal(402, admitted.Code);
        Assert.Contains($"$codius.example/pay/{AccountId.OfDeployToken(token)}", admitted.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_update_is_paid_only_if_it_changes_the_hash()
    {
        var token = await _host.TokenAsync(deploys: 2);
        var there = await PutThereAsync("updated", token);

        var labelled = there.DeepClone().AsObject();
        labelled["metadata"]!["labels"]!["team"] = "blue";
        Assert.True((await _admission.UpdateAsync(AdmissionClient.Deployer(token), labelled, there)).IsAllowed);
        Assert.Equal(0UL, (await _host.BalanceAsync(token)).Leased);

        var changed = there.DeepClone().AsObject();
        changed["spec"]!["port"] = 8080;
        Assert.True((await _admission.UpdateAsync(AdmissionClient.Deployer(token), changed, there, dryRun: true)).IsAllowed);
        Assert.Equal(0UL, (await _host.BalanceAsync(token)).Leased);
        Assert.True((await _admission.UpdateAsync(AdmissionClient.Deployer(token), changed, there)).IsAllowed);
        Assert.Equal(DeployHost.Price, (await _host.BalanceAsync(token)).Leased);
    }

    [Fact]
    public async Task An_object_cannot_say_itself_whose_it_is()
    {
        var (mine, other) = (await _host.TokenAsync(), await _host.TokenAsync());
        var theirs = await PutThereAsync("theirs", other);
        var forged = AdmissionClient.Service("forged");
        forged["metadata"]!["annotations"] = theirs["metadata"]!["annotations"]!.DeepClone();

        var byDeployer = await _admission.CreateAsync(AdmissionClient.Deployer(mine), forged);
        var byAdmin = await _admission.CreateAsync(AdmissionClient.Admin, forged);

        Assert.Equal(AccountId.OfDeployToken(mine).ToString(), byDeployer.Annotation("codius.org/owner"));
        Assert.True(byAdmin.IsAllowed, byAdmin.Message);
        Assert.Null(byAdmin.Annotation("codius.org/owner"));
    }

    [Fact]
    public async Task Only_its_owner_changes_or_deletes_an_app()
    {
        var (mine, other) = (await _host.TokenAsync(), await _host.TokenAsync());
        var there = await PutThereAsync("guarded", mine);
        var changed = there.DeepClone().AsObject();
        changed["spec"]!["port"] = 8080;

        Assert.Equal(403, (await _admission.UpdateAsync(AdmissionClient.Deployer(other), changed, there)).Code);
        Assert.Equal(403, (await _admission.DeleteAsync(AdmissionClient.Deployer(other), there)).Code);
        Assert.True((await _admission.DeleteAsync(AdmissionClient.Deployer(mine), there)).IsAllowed);
        Assert.True((await _admission.DeleteAsync(AdmissionClient.Admin, there)).IsAllowed);
        Assert.Equal(DeployHost.Price, (await _host.BalanceAsync(other)).Available);
    }

    [Fact]
    public async Task The_hosts_own_app_is_no_deployers()
    {
        var there = (await _admission.CreateAsync(AdmissionClient.Admin, AdmissionClient.Service("hosts-own"))).Object!;

        Assert.Equal(403, (await _admission.DeleteAsync(AdmissionClient.Deployer(await _host.TokenAsync()), there)).Code);
    }

    [Fact]
    public async Task An_administrators_change_leaves_the_owner_and_costs_nobody_anything()
    {
        var token = await _host.TokenAsync(deploys: 2);
        var there = await PutThereAsync("mended", token);
        var changed = AdmissionClient.Service("mended", """{"spec":{"containers":[{"name":"web","image":"nginx"}],"port":8080}}""");

        var admitted = await _admission.UpdateAsync(AdmissionClient.Admin, changed, there);

        Assert.True(admitted.IsAllowed, admitted.Message);
        Assert.Equal(AccountId.OfDeployToken(token).ToString(), admitted.Annotation("codius.org/owner"));
        Assert.Equal(0UL, (await _host.BalanceAsync(token)).Leased);
    }

    [Fact]
    public async Task What_PUT_sends_through_the_API_server_keeps_the_owner_it_signed_and_is_paid_once()
    {
        var token = await _host.TokenAsync(deploys: 2);
        var owner = AccountId.OfDeployToken(token);
        await _host.Get<DeployReservations>().ReserveAsync(
            new Deploy(owner, "put", Hash), DeployHost.Price, TestContext.Current.CancellationToken);
        var service = AdmissionClient.Service("put");
        service["metadata"]!["annotations"] = new JsonObject
        {
            [AppAnnotations.Owner] = owner.ToString(),
            [AppAnnotations.OwnerSeal] = _host.Get<OwnerSignature>().Sign("put", owner),
        };
        var gateway =
            new JsonObject { ["username"] = "system:serviceaccount:codius:gateway", ["groups"] = new JsonArray("system:serviceaccounts") };

        var admitted = await _admission.CreateAsync(gateway, service);

        Assert.True(admitted.IsAllowed, admitted.Message);
        Assert.Equal(owner.ToString(), admitted.Annotation("codius.org/owner"));
        Assert.Equal(DeployHost.Price, (await _host.BalanceAsync(token)).Leased);
    }

    [Fact]
    public async Task A_name_that_is_kept_for_another_owner_is_refused()
    {
        var (before, after) = (await _host.TokenAsync(), await _host.TokenAsync());
        await _host.Get<INameHolds>().HoldAsync("kept", AccountId.OfDeployToken(before), TestContext.Current.CancellationToken);

        Assert.Equal(403, (await _admission.CreateAsync(AdmissionClient.Deployer(after), AdmissionClient.Service("kept"))).Code);
        Assert.True((await _admission.CreateAsync(AdmissionClient.Deployer(before), AdmissionClient.Service("kept"))).IsAllowed);
    }

    [Theory]
    [InlineData("Bad", """{"spec":{"containers":[{"name":"web","image":"nginx"}]}}""", "metadata.name: 'Bad' is not a DNS label")]
    [InlineData("tkc3hfioxskpnvtdl7yblihwqpfddhf2r33wwfex4xlktvmbg3ua", """{"spec":{"containers":[{"name":"web","image":"nginx"}]}}""",
        "metadata.name: 'tkc3hfioxskpnvtdl7yblihwqpfddhf2r33wwfex4xlktvmbg3ua' could be taken for a manifest's hash")]
    [InlineData("wallet", """{"spec":{"containers":[{"name":"web","image":"nginx"}]}}""", "metadata.name: 'wallet' is reserved")]
    [InlineData("a", """{"spec":{"containers":[]}}""", "spec.containers: must have at least one container")]
    [InlineData("a", """{"spec":{"containers":[{"name":"web","image":"nginx"}],"port":70000}}""", "spec.port: 70000 is not a port")]
    [InlineData("a", """{"spec":{"containers":[{"name":"web","image":"nginx","env":[{"name":"A","value":"1","valueFrom":{"secretKeyRef":{"key":"k"}}}]}]},"secretData":{"k":"v"}}""", "spec.containers[0].env[0]: value and valueFrom exclude each other")]
    [InlineData("a", """{"spec":{"containers":[{"name":"web","image":"nginx","env":[{"name":"A","valueFrom":{"secretKeyRef":{"key":"x"}}}]}]},"secretData":{"k":"v"}}""", "spec.containers[0].env[0].valueFrom.secretKeyRef.key: secretData has no 'x'")]
    [InlineData("a", """{"spec":{"containers":[{"name":"web","image":"nginx"}]},"metadata":{"labels":{"codius.org/immutable":"true"}}}""",
        "only the host itself makes immutable apps")]
    [InlineData("a", """{"spec":{"containers":[{"name":"web","image":"nginx"}]},"metadata":{"finalizers":["example.com/stay"]}}""",
        "metadata.finalizers: must not be changed")]
    [InlineData("a",
        """{"spec":{"containers":[{"name":"web","image":"nginx"}]},"metadata":{"annotations":{"codius.org/max-spend-per-hour":"x"}}}""",
        "metadata.annotations.codius.org/max-spend-per-hour: 'x' is not an amount")]
    [InlineData("a",
        """{"spec":{"containers":[{"name":"web","image":"nginx"}]},"metadata":{"annotations":{"codius.org/request-burst":"20001"}}}""",
        "metadata.annotations.codius.org/request-burst: '20001' is not a whole number from 1 to 20000")]
    [InlineData("a",
        """{"spec":{"containers":[{"name":"web","image":"nginx"}]},"metadata":{"annotations":{"codius.org/do-not-wake":"ab"}}}""",
        "metadata.annotations.codius.org/do-not-wake: 'ab' is neither a path")]
    [InlineData("a",
        """{"spec":{"containers":[{"name":"web","image":"nginx"}]},"metadata":{"annotations":{"codius.org/title":" "}}}""",
        "metadata.annotations.codius.org/title: must not be empty, nor begin or end with a space")]
    [InlineData("a",
        """{"spec":{"containers":[{"name":"web","image":"nginx"}]},"metadata":{"annotations":{"codius.org/alert-webhook":"https://10.0.0.1/"}}}""",
        "metadata.annotations.codius.org/alert-webhook: must be an https URL on port 443")]
    [InlineData("a", """{"spec":{"containers":[{"name":"web","image":"nginx","tty":true}]}}""",
        "spec.containers[0].tty: is not a field of a manifest")]
    public async Task A_bad_manifest_is_refused_with_its_faults_and_nothing_is_set_aside(string name, string body, string fault)
    {
        var token = await _host.TokenAsync();

        var admitted = await _admission.CreateAsync(AdmissionClient.Deployer(token), AdmissionClient.Service(name, body));

        Assert.Equal(422, admitted.Code);
        Assert.Contains(fault, admitted.Message, StringComparison.Ordinal);
        Assert.Equal(DeployHost.Price, (await _host.BalanceAsync(token)).Available);
    }

    [Fact]
    public async Task An_immutable_app_of_the_host_must_be_called_by_its_hash()
    {
        const string body =
            """{"metadata":{"labels":{"codius.org/immutable":"true"}},"spec":{"containers":[{"name":"web","image":"nginx"}]}}""";
        var hash = ManifestHash.OfSpec(Apps.Manifests.Manifest.Read("""{"spec":{"containers":[{"name":"web","image":"nginx"}]}}""").Spec);

        Assert.True((await _admission.CreateAsync(AdmissionClient.Admin, AdmissionClient.Service(hash, body))).IsAllowed);
        Assert.Equal(422, (await _admission.CreateAsync(AdmissionClient.Admin, AdmissionClient.Service("named", body))).Code);
    }

    [Fact]
    public async Task A_hash_that_another_webhook_changed_is_refused()
    {
        var token = await _host.TokenAsync();
        var there = await PutThereAsync("tampered", token);
        there["metadata"]!["annotations"]!["codius.org/hash"] = Hash;

        var review = AdmissionClient.Review("CREATE", AdmissionClient.Deployer(token), there, null, false);
        var answer = await _admission.SendAsync("validate", review);

        Assert.Contains("codius.org/hash: is not the hash of the manifest", (string)answer["status"]!["message"]!,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_manifest_over_256_KiB_is_refused()
    {
        var service = AdmissionClient.Service("large");
        service["spec"]!["containers"]![0]!["args"] = new JsonArray(new string('a', 256 * 1024));

        Assert.Equal(413, (await _admission.CreateAsync(AdmissionClient.Deployer(await _host.TokenAsync()), service)).Code);
    }

    [Theory]
    [InlineData(100, 0, 1)]
    [InlineData(16 * 1024, 0, 2)]
    [InlineData(100, 40_000, 3)]
    [InlineData(200_000, 20_000, 14)]
    public async Task A_deploy_costs_its_price_for_each_started_16_KiB_the_same_by_PUT_and_by_kubectl(int argument, int secret, int parts)
    {
        var name = $"large-{argument}-{secret}";
        var (put, kubectl) = (await _host.TokenAsync((ulong)parts), await _host.TokenAsync((ulong)parts));
        var manifest = Large(argument, secret);

        Assert.Equal(HttpStatusCode.Created, await _host.PutAsync(name, put, manifest));
        var admitted = await _admission.CreateAsync(AdmissionClient.Deployer(kubectl), AdmissionClient.Service(name + "-k", manifest));

        Assert.True(admitted.IsAllowed, admitted.Message);
        Assert.Equal((ulong)parts * DeployHost.Price, (await _host.BalanceAsync(put)).Spent);
        Assert.Equal((ulong)parts * DeployHost.Price, (await _host.BalanceAsync(kubectl)).Leased);
    }

    [Fact]
    public async Task Who_can_pay_a_small_deploy_and_not_this_one_is_told_its_price_by_PUT_and_by_kubectl()
    {
        var token = await _host.TokenAsync(deploys: 2);
        var manifest = Large(40_000, 0);

        var put = await _host.SendAsync(HttpMethod.Put, "too-large", token, manifest);
        var admitted = await _admission.CreateAsync(AdmissionClient.Deployer(token), AdmissionClient.Service("too-large", manifest));

        Assert.Equal(HttpStatusCode.PaymentRequired, put.StatusCode);
        var problem = JsonNode.Parse(await put.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
        Assert.Equal("30000000", (string?)problem["price"]);
        Assert.StartsWith(
            "This deploy costs 0.03 USD (0.01 for each started 16 KiB of its manifest); the account of this deploy token has 0.02. Pay ",
            (string?)problem["detail"], StringComparison.Ordinal);
        Assert.Equal((402, (string?)problem["detail"]), (admitted.Code, admitted.Message));
        Assert.Equal(2 * DeployHost.Price, (await _host.BalanceAsync(token)).Available);
    }

    [Fact]
    public async Task Secrets_that_no_variable_refers_to_are_not_kept_since_a_change_of_them_alone_would_be_free()
    {
        var (put, kubectl) = (await _host.TokenAsync(), await _host.TokenAsync());
        var secret = new string('s', 100_000);
        var manifest = $$$"""{"spec":{"containers":[{"name":"web","image":"nginx"}]},"secretData":{"k":"{{{secret}}}"}}""";

        var answer = await _host.SendAsync(HttpMethod.Put, "unused", put, manifest);
        var service = AdmissionClient.Service("unused-k", manifest);
        var mutated = await _admission.SendAsync(
            "mutate", AdmissionClient.Review("CREATE", AdmissionClient.Deployer(kubectl), service, null, false));
        var admitted = await _admission.CreateAsync(AdmissionClient.Deployer(kubectl), service);

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.Contains("no variable refers to it", answer.Headers.GetValues("Warning").Single(), StringComparison.Ordinal);
        Assert.Null((await _host.Apps.FindAsync("unused", TestContext.Current.CancellationToken))!.SecretData);
        Assert.Contains("no variable refers to it", (string)mutated["warnings"]![0]!, StringComparison.Ordinal);
        Assert.True(admitted.IsAllowed, admitted.Message);
        Assert.Null(admitted.Object!["secretData"]);
    }

    [Theory]
    [InlineData("example.com/note", 33_000, "metadata: has more than 32 KiB")]
    [InlineData("kubectl.kubernetes.io/last-applied-configuration", 50_000, "last-applied-configuration: is larger than the manifest")]
    public async Task What_costs_nothing_beside_a_manifest_is_bounded_for_deployers_alone(string annotation, int length, string fault)
    {
        var token = await _host.TokenAsync(deploys: 2);
        var there = await PutThereAsync($"beside-{length}", token);
        var larger = there.DeepClone().AsObject();
        larger["metadata"]!["annotations"]![annotation] = $$"""{"a":"{{new string('a', length)}}"}""";

        var refused = await _admission.UpdateAsync(AdmissionClient.Deployer(token), larger, there);

        Assert.Equal(422, refused.Code);
        Assert.Contains(fault, refused.Message, StringComparison.Ordinal);
        Assert.True((await _admission.UpdateAsync(AdmissionClient.Admin, larger, there)).IsAllowed);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("nothing")]
    [InlineData("""{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{}}""")]
    public async Task What_is_no_review_is_a_bad_request(string body)
    {
        var response = await _host.Webhooks.PostAsync(
            "/validate-core-codius-org-v1alpha1-service", new StringContent(body, Encoding.UTF8, "application/json"),
                TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    /// <summary>A manifest with texts of such lengths.</summary>
    private static string Large(int argument, int secret) => $$$"""
        {"spec": {"containers": [{"name": "web", "image": "nginx", "args": ["{{{new string('a', argument)}}}"],
          "env": [{"name": "PW", "valueFrom": {"secretKeyRef": {"key": "pw"} } }]}]},
         "secretData": {"pw": "{{{new string('s', secret)}}}", "nonce": "n0nce"}}
        """;

    /// <summary>Creates an app and pays for it; returns it as the cluster has it afterwards.</summary>
    private async Task<JsonObject> PutThereAsync(string name, string token)
    {
        var admitted = await _admission.CreateAsync(AdmissionClient.Deployer(token), AdmissionClient.Service(name));
        Assert.True(admitted.IsAllowed, admitted.Message);
        // Voided, so that the tests count only later charges.
        await _host.Get<DeployReservations>()
            .VoidAsync(new Deploy(AccountId.OfDeployToken(token), name, admitted.Annotation("codius.org/hash")!));
        return admitted.Object!;
    }
}
