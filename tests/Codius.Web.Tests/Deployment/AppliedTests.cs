using Codius.Testing;
using Codius.Testing.Clusters;

namespace Codius.Web.Tests.Deployment;

/// <summary>What a real API server says to <c>kubectl apply -k</c>, and what it then lets the gateway and deployers do.</summary>
public sealed class AppliedTests(ApiServerFixture fixture) : IClassFixture<ApiServerFixture>
{
    private const string GatewayAccount = "--as=system:serviceaccount:codius:codius-web";

    public static TheoryData<string, string, bool> Rights => new()
    {
        // Who, what, whether.
        { "gateway", "create services.core.codius.org", true },
        { "gateway", "patch services.core.codius.org/status", true },
        { "gateway", "patch deployments.apps/scale -n codius-apps", true },
        { "gateway", "create secrets -n codius-apps", true },
        { "gateway", "watch secrets -n codius-apps", true },
        { "gateway", "get secrets -n codius-apps", false },
        { "gateway", "delete pods -n codius-apps", true },
        { "gateway", "get pods/log -n codius-apps", true },
        { "gateway", "list resourcequotas -n codius-apps", true },
        { "gateway", "update resourcequotas -n codius-apps", false },
        { "gateway", "create events -n default", true },
        { "gateway", "update leases.coordination.k8s.io -n codius", true },
        { "gateway", "update secrets/codius-web-webhooks -n codius", true },
        { "gateway", "update mutatingwebhookconfigurations.admissionregistration.k8s.io/codius-web", true },
        { "gateway", "get secrets/codius-redis -n codius", false },
        { "gateway", "list secrets -n kube-system", false },
        { "gateway", "create pods -n codius-apps", false },
        { "gateway", "create pods/exec -n codius-apps", false },
        { "gateway", "update mutatingwebhookconfigurations.admissionregistration.k8s.io/others", false },
        { "gateway", "list nodes", false },
        { "deployer", "create services.core.codius.org", true },
        { "deployer", "get services.core.codius.org/my-app", true },
        { "deployer", "delete services.core.codius.org/my-app", true },
        { "deployer", "list services.core.codius.org", false },
        { "deployer", "watch services.core.codius.org", false },
        { "deployer", "deletecollection services.core.codius.org", false },
        { "deployer", "update services.core.codius.org/status", false },
        { "deployer", "get pods -n codius-apps", false },
    };

    private ApiServer Server
    {
        get
        {
            Assert.SkipWhen(ApiServer.Missing is not null, ApiServer.Missing ?? "");
            return fixture.Server;
        }
    }

    [Theory]
    [InlineData("single-machine")]
    [InlineData("production")]
    public async Task An_overlay_is_taken_whole_and_a_second_time_nothing_changes(string overlay)
    {
        await ApplyAsync(overlay);

        var again = await ApplyAsync(overlay);

        Assert.DoesNotContain(again.Split('\n', StringSplitOptions.RemoveEmptyEntries),
            line => !line.EndsWith(" unchanged", StringComparison.Ordinal) && !line.EndsWith(" configured", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Rights))]
    public async Task Each_may_do_what_it_must_and_no_more(string who, string what, bool may)
    {
        await ApplyAsync("single-machine");
        string[] impersonation = who == "gateway" ? [GatewayAccount]
            : ["--as=codius:deploy:t-somebody", "--as-group=codius:deployers", "--as-group=system:authenticated"];
        var (verb, resource, rest) =
            what.Split(' ') switch { [var v, var r, .. var more] => (v, r, more), _ => throw new InvalidOperationException(what) };
        // A sub-resource is told apart from a name by a flag.
        string[] parts = resource.Split('/') is [var kind, "status" or "scale" or "exec" or "log"] and [_, var sub]
            ? [kind, "--subresource=" + sub] : [resource];

        // The API server knows of new rules a moment after they were applied.
        await Eventually.TrueAsync<bool>("the rules are in force", async () =>
            await MayAsync(["create", "services.core.codius.org", .. impersonation]) ? true : null);

        Assert.Equal(may, await MayAsync([verb, .. parts, .. rest, .. impersonation]));
    }

    private async Task<bool> MayAsync(string[] question)
    {
        var (_, answer) = await Server.KubectlAsync(null, ["auth", "can-i", .. question]);
        return answer.Split('\n').Contains("yes");
    }

    // The tests' API server may be older than what the host's documentation asks for: what it does not know is left out.
    private async Task<string> ApplyAsync(string overlay)
    {
        var server = Server;
        var (_, versions) = await server.KubectlAsync(null, "api-versions");
        var (exit, yaml, error) = await Kustomized.RunAsync("kustomize", Path.Combine(Kustomized.Folder, "overlays", overlay));
        Assert.True(exit == 0, error);
        var known = yaml.Split("\n---\n").Where(document =>
            versions.Contains("policy/v1\n", StringComparison.Ordinal)
                || !document.Contains("apiVersion: policy/v1\n", StringComparison.Ordinal));
        var (applied, text) = await server.KubectlAsync(string.Join("\n---\n", known), "apply", "--validate=false", "-f", "-");
        Assert.True(applied == 0, text);
        return text;
    }
}
