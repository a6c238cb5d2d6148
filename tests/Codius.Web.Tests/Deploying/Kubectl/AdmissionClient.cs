using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Codius.Web.Balances;

namespace Codius.Web.Tests.Deploying.Kubectl;

/// <summary>
/// Calls the admission webhooks as an API server does: first the mutating one, whose patch it applies, then the validating one. The tests
/// on a cluster have a real API server.
/// </summary>
internal sealed class AdmissionClient(DeployHost host)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>The user of a deploy token.</summary>
    public static JsonObject Deployer(string token) => new()
    {
        ["username"] = $"codius:deploy:{AccountId.OfDeployToken(token)}",
        ["groups"] = new JsonArray("codius:deployers", "system:authenticated"),
    };

    /// <summary>The cluster's own administrator.</summary>
    public static JsonObject Admin =>
        new() { ["username"] = "kubernetes-admin", ["groups"] = new JsonArray("system:masters", "system:authenticated") };

    public static JsonObject Service(string name, string body = """{"spec":{"containers":[{"name":"web","image":"nginx"}],"port":80}}""")
    {
        var service = JsonNode.Parse(body)!.AsObject();
        service["apiVersion"] = "core.codius.org/v1alpha1";
        service["kind"] = "Service";
        if (service["metadata"] is not JsonObject metadata) service["metadata"] = metadata = [];
        metadata["name"] = name;
        metadata["uid"] = "0b5d1a52-6bd3-4b1e-9f3c-000000000000";
        return service;
    }

    public Task<Admitted> CreateAsync(JsonObject user, JsonObject service, bool dryRun = false) =>
        AdmitAsync("CREATE", user, service, null, dryRun);

    public Task<Admitted> UpdateAsync(JsonObject user, JsonObject service, JsonObject old, bool dryRun = false) =>
        AdmitAsync("UPDATE", user, service, old, dryRun);

    public async Task<Admitted> DeleteAsync(JsonObject user, JsonObject old, bool dryRun = false) =>
        new(null, await SendAsync("validate", Review("DELETE", user, null, old, dryRun)));

    public async Task<JsonObject> SendAsync(string webhook, JsonObject review)
    {
        var response = await host.Webhooks.PostAsync($"/{webhook}-core-codius-org-v1alpha1-service", JsonContent.Create(review), Stop);
        response.EnsureSuccessStatusCode();
        var answer = (await response.Content.ReadFromJsonAsync<JsonObject>(Stop))!;
        Assert.Equal("admission.k8s.io/v1", (string?)answer["apiVersion"]);
        Assert.Equal("AdmissionReview", (string?)answer["kind"]);
        Assert.Equal("a-uid", (string?)answer["response"]!["uid"]);
        return answer["response"]!.AsObject();
    }

    public static JsonObject Review(string operation, JsonObject user, JsonObject? service, JsonObject? old, bool dryRun) => new()
    {
        ["apiVersion"] = "admission.k8s.io/v1",
        ["kind"] = "AdmissionReview",
        ["request"] = new JsonObject
        {
            ["uid"] = "a-uid",
            ["operation"] = operation,
            ["name"] = (string?)(service ?? old)!["metadata"]!["name"],
            ["userInfo"] = user.DeepClone(),
            ["object"] = service?.DeepClone(),
            ["oldObject"] = old?.DeepClone(),
            ["dryRun"] = dryRun,
        },
    };

    private async Task<Admitted> AdmitAsync(string operation, JsonObject user, JsonObject service, JsonObject? old, bool dryRun)
    {
        var mutated = await SendAsync("mutate", Review(operation, user, service, old, dryRun));
        if (!mutated["allowed"]!.GetValue<bool>()) return new Admitted(null, mutated);
        var patched = service.DeepClone().AsObject();
        if (mutated["patch"] is { } patch)
        {
            Assert.Equal("JSONPatch", (string?)mutated["patchType"]);
            Apply(patched, JsonNode.Parse(Encoding.UTF8.GetString(Convert.FromBase64String((string)patch!)))!.AsArray());
        }
        return new Admitted(patched, await SendAsync("validate", Review(operation, user, patched, old, dryRun)));
    }

    private static void Apply(JsonObject document, JsonArray patch)
    {
        foreach (var change in patch)
        {
            var path = ((string)change!["path"]!)[1..].Split('/').Select(part => part.Replace("~1", "/").Replace("~0", "~")).ToArray();
            JsonNode at = document;
            foreach (var part in path[..^1]) at = at is JsonArray list ? list[int.Parse(part)]! : at[part]!;
            if ((string?)change["op"] == "remove") Assert.True(at.AsObject().Remove(path[^1]));
            else at[path[^1]] = change["value"]?.DeepClone();
        }
    }
}

/// <summary>The result of a change: the object as it would be stored, and the last webhook's answer.</summary>
internal sealed record Admitted(JsonObject? Object, JsonObject Answer)
{
    public bool IsAllowed => Answer["allowed"]!.GetValue<bool>();

    public int? Code => (int?)Answer["status"]?["code"];

    public string Message => (string?)Answer["status"]?["message"] ?? "";

    public string? Annotation(string name) => (string?)Object?["metadata"]?["annotations"]?[name];
}
