using System.Net;
using System.Text;
using System.Text.Json;
using Codius.Web.Apps;
using Codius.Web.Apps.Manifests;
using Codius.Web.Balances;

namespace Codius.Web.Tests.Deploying.Services;

public sealed class ServicesReadersOnRedis(DeployOnRedis fixture) : ServicesReadersTests(fixture), IClassFixture<DeployOnRedis>;

public sealed class ServicesReadersOnGarnet(DeployOnGarnet fixture) : ServicesReadersTests(fixture), IClassFixture<DeployOnGarnet>;

/// <summary>Who may read what of an app by the services API, and from pages of which origins.</summary>
public abstract class ServicesReadersTests(DeployFixture fixture)
{
    private const string One = """{"spec":{"containers":[{"name":"web","image":"nginx:1"}]}}""";

    private readonly DeployHost _host = fixture.Host;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Everybody_can_check_what_runs_and_nobody_sees_secrets_or_tokens()
    {
        var token = await _host.TokenAsync();
        const string manifest = """
            {"spec":{"containers":[{"name":"web","image":"nginx","env":[{"name":"PW","valueFrom":{"secretKeyRef":{"key":"pw"}}}]}]},
             "secretData":{"pw":"hunter2","nonce":"n0nce"}}
            """;
        Assert.Equal(HttpStatusCode.Created, await _host.PutAsync("shown", token, manifest));

        var response = await _host.SendAsync(HttpMethod.Get, "shown", null);
        var text = await response.Content.ReadAsStringAsync(Stop);
        var shown = JsonDocument.Parse(text).RootElement;

        Assert.Equal("application/json; charset=UTF-8", response.Content.Headers.ContentType?.ToString());
        Assert.Equal("core.codius.org/v1alpha1", shown.GetProperty("apiVersion").GetString());
        Assert.Equal("Service", shown.GetProperty("kind").GetString());
        Assert.Equal("shown", shown.GetProperty("metadata").GetProperty("name").GetString());
        var annotations = shown.GetProperty("metadata").GetProperty("annotations");
        Assert.Equal("shown.codius.example", annotations.GetProperty("codius.org/hostname").GetString());
        Assert.Equal(0, shown.GetProperty("status").GetProperty("availableReplicas").GetInt32());
        Assert.Equal(80, shown.GetProperty("spec").GetProperty("port").GetInt32());
        // Everyone who has the spec can compute its hash and compare.
        var spec = Apps.Manifests.Manifest.Read($$"""{"spec":{{shown.GetProperty("spec").GetRawText()}}}""").Spec;
        Assert.Equal(annotations.GetProperty("codius.org/hash").GetString(), ManifestHash.OfSpec(spec));
        foreach (var secret in (string[])["hunter2", "n0nce", "secretData", token, AccountId.OfDeployToken(token).ToString()])
            Assert.DoesNotContain(secret, text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK,
            (await _host.SendAsync(HttpMethod.Get, annotations.GetProperty("codius.org/hash").GetString()!, null)).StatusCode);
    }

    [Fact]
    public async Task Its_owner_alone_reads_what_the_alerts_of_an_app_are_signed_with()
    {
        var (owner, other) = (await _host.TokenAsync(), await _host.TokenAsync());
        Assert.Equal(HttpStatusCode.Created, await _host.PutAsync("with-alerts", owner, One));

        var secret = await SecretAsync(owner);
        Assert.StartsWith("whsec_", secret, StringComparison.Ordinal);
        Assert.Equal(_host.Get<AppAlertKeys>().Of("with-alerts", AccountId.OfDeployToken(owner)), secret);
        Assert.Null(await SecretAsync(other));
        Assert.Null(await SecretAsync(null));
        Assert.Null(await SecretAsync(AccountId.OfDeployToken(owner).ToString()));

        async Task<string?> SecretAsync(string? token)
        {
            var answer = await _host.SendAsync(HttpMethod.Get, "with-alerts", token);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            var text = await answer.Content.ReadAsStringAsync(Stop);
            var status = JsonDocument.Parse(text).RootElement.GetProperty("status");
            if (status.TryGetProperty("alertWebhookSecret", out var found)) return found.GetString();
            Assert.DoesNotContain("whsec_", text, StringComparison.Ordinal);
            return null;
        }
    }

    [Theory]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    public async Task Pages_of_other_origins_may_use_it_with_credentials(string method)
    {
        var preflight = new HttpRequestMessage(HttpMethod.Options, "/services/any");
        preflight.Headers.Add("Origin", "https://page.example");
        preflight.Headers.Add("Access-Control-Request-Method", method);
        preflight.Headers.Add("Access-Control-Request-Headers", "authorization");
        var allowed = await _host.Client.SendAsync(preflight, Stop);
        var get = new HttpRequestMessage(HttpMethod.Get, "/services/none");
        get.Headers.Add("Origin", "https://page.example");
        var answer = await _host.Client.SendAsync(get, Stop);

        Assert.Equal(HttpStatusCode.NoContent, allowed.StatusCode);
        Assert.Equal("GET, HEAD, PUT, DELETE", allowed.Headers.GetValues("Access-Control-Allow-Methods").Single());
        Assert.Equal("Authorization, Content-Type", allowed.Headers.GetValues("Access-Control-Allow-Headers").Single());
        foreach (var response in (HttpResponseMessage[])[allowed, answer])
        {
            Assert.Equal("https://page.example", response.Headers.GetValues("Access-Control-Allow-Origin").Single());
            Assert.Equal("true", response.Headers.GetValues("Access-Control-Allow-Credentials").Single());
        }
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    [InlineData("OPTIONS")]
    public async Task An_origin_that_is_none_is_refused_and_not_echoed(string method)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), _host.Client.BaseAddress + "services/any");
        request.Headers.Host = "codius.example";
        request.Headers.TryAddWithoutValidation("Origin", "https://b\u00FCcher.example");
        using var client = new HttpClient(new SocketsHttpHandler { RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8 });

        using var answer = await client.SendAsync(request, Stop);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.False(answer.Headers.Contains("Access-Control-Allow-Origin"));
        Assert.True(answer.Headers.CacheControl?.NoStore);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Stop)).RootElement;
        Assert.EndsWith(":malformed-origin", problem.GetProperty("type").GetString(), StringComparison.Ordinal);
    }
}
