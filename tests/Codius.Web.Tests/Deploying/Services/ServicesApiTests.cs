using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Codius.Web.Apps;
using Codius.Web.Apps.Manifests;
using Codius.Web.Balances;

namespace Codius.Web.Tests.Deploying.Services;

public sealed class ServicesApiOnRedis(DeployOnRedis fixture) : ServicesApiTests(fixture), IClassFixture<DeployOnRedis>;

public sealed class ServicesApiOnGarnet(DeployOnGarnet fixture) : ServicesApiTests(fixture), IClassFixture<DeployOnGarnet>;

/// <summary>The services API as its clients of 2020 know it, and what it charges.</summary>
public abstract class ServicesApiTests(DeployFixture fixture)
{
    private const string One = """{"spec":{"containers":[{"name":"web","image":"nginx:1"}]}}""";
    private const string Two = """{"spec":{"containers":[{"name":"web","image":"nginx:2"}]}}""";

    private const string Start = """{"spec":{"containers":[{"name":"web","image":"nginx"}]},"annotations":{"codius.org/""";

    private readonly DeployHost _host = fixture.Host;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_new_app_is_created_and_its_price_is_taken()
    {
        var token = await _host.TokenAsync(deploys: 2);

        var response = await _host.SendAsync(HttpMethod.Put, "created", token, One);

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal("https://codius.example/services/created", response.Headers.Location?.ToString());
        Assert.Empty(await response.Content.ReadAsStringAsync(Stop));
        Assert.Equal(new Balance(2 * DeployHost.Price, DeployHost.Price, DeployHost.Price, 0), await _host.BalanceAsync(token));
    }

    [Fact]
    public async Task The_same_manifest_again_is_free_and_another_one_is_paid_again()
    {
        var token = await _host.TokenAsync(deploys: 2);

        Assert.Equal(HttpStatusCode.Created, await _host.PutAsync("changing", token, One));
        Assert.Equal(HttpStatusCode.NoContent, await _host.PutAsync("changing", token, One));
        Assert.Equal(DeployHost.Price, (await _host.BalanceAsync(token)).Spent);
        Assert.Equal(HttpStatusCode.NoContent, await _host.PutAsync("changing", token, Two));
        Assert.Equal(2 * DeployHost.Price, (await _host.BalanceAsync(token)).Spent);
    }

    [Fact]
    public async Task A_token_that_cannot_pay_is_told_where_to_pay_and_nothing_is_deployed()
    {
        var token = await _host.TokenAsync(deploys: 0);
        await _host.PayAsync(AccountId.OfDeployToken(token), DeployHost.Price - 1);

        var response = await _host.SendAsync(HttpMethod.Put, "unpaid", token, One);

        Assert.Equal(HttpStatusCode.PaymentRequired, response.StatusCode);
        var account = AccountId.OfDeployToken(token);
        Assert.Equal($"<https://codius.example/pay/{account}>; rel=\"payment\"", response.Headers.GetValues("Link").Single());
        var problem = await ProblemAsync(response);
        Assert.Equal($"$codius.example/pay/{account}", problem.GetProperty("paymentPointer").GetString());
        Assert.Equal("10000000", problem.GetProperty("price").GetString());
        Assert.Equal("9999999", problem.GetProperty("balance").GetString());
        Assert.Equal("1", problem.GetProperty("pay").GetString());
        Assert.Equal($"https://codius.example/pay/{account}", problem.GetProperty("walletAddress").GetString());
        Assert.DoesNotContain(token, problem.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await _host.SendAsync(HttpMethod.Get, "unpaid", null)).StatusCode);
        Assert.Equal(0UL, (await _host.BalanceAsync(token)).Spent);
    }

    [Fact]
    public async Task A_bad_manifest_is_told_all_its_faults_before_anybody_pays()
    {
        var token = await _host.TokenAsync();

        var response =
            await _host.SendAsync(HttpMethod.Put, "Bad_Name", token, """{"spec":{"containers":[{"name":"web"}],"port":0,"x":1}}""");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var faults = (await ProblemAsync(response)).GetProperty("faults").EnumerateArray()
            .Select(fault => fault.GetProperty("path").GetString());
        Assert.Equal(["name", "spec.x", "spec.port", "spec.containers[0].image"], faults);
        Assert.Equal(DeployHost.Price, (await _host.BalanceAsync(token)).Available);
    }

    [Theory]
    [InlineData("")]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("""{"spec":{"containers":[]}}""")]
    [InlineData("""{"spec":{"containers":[{"name":"web","image":"ghcr.io/a/b"}]}}""")]
    [InlineData("""{"spec":{"containers":[{"name":"web","image":"nginx"}]},"annotations":{"codius.org/owner":"x"}}""")]
    [InlineData("""{"spec":{"containers":[{"name":"web","image":"nginx"}]},"annotations":{"codius.org/max-spend-per-hour":"much"}}""")]
    [InlineData("""{"spec":{"containers":[{"name":"web","image":"nginx"}]},"annotations":{"codius.org/requests-per-second":"0"}}""")]
    [InlineData("""{"spec":{"containers":[{"name":"web","image":"nginx"}]},"annotations":{"codius.org/requests-per-second":"1001"}}""")]
    [InlineData("""{"spec":{"containers":[{"name":"web","image":"nginx"}]},"annotations":{"codius.org/request-burst":"1.5"}}""")]
    [InlineData(Start + "request-burst\":\"00000000000000000000000000000000000000001\"}}")]
    [InlineData(Start + "max-spend-per-hour\":\"00000000000000000000000000000000000000001\"}}")]
    [InlineData("""{"spec":{"containers":[{"name":"web","image":"nginx"}]},"annotations":{"codius.org/do-not-wake":"/cron, ab"}}""")]
    [InlineData("""{"spec":{"containers":[{"name":"web","image":"nginx"}]},"annotations":{"codius.org/title":""}}""")]
    [InlineData("""{"spec":{"containers":[{"name":"web","image":"nginx"}]},"annotations":{"codius.org/icon":"https://a.example/b.png"}}""")]
    [InlineData(Start + "alert-webhook\":\"http://alerts.example/\"}}")]
    [InlineData(Start + "alert-hours-left\":\"12\"}}")]
    public async Task What_is_no_manifest_is_a_bad_request(string body)
    {
        var token = await _host.TokenAsync();

        Assert.Equal(HttpStatusCode.BadRequest, await _host.PutAsync("bad", token, body));
        Assert.Equal(DeployHost.Price, (await _host.BalanceAsync(token)).Available);
    }

    [Theory]
    [InlineData(0, HttpStatusCode.Created)]
    [InlineData(1, HttpStatusCode.RequestEntityTooLarge)]
    public async Task A_manifest_may_have_256_KiB(int more, HttpStatusCode expected)
    {
        var token = await _host.TokenAsync(deploys: 17);
        const string start = "{\"spec\":{\"containers\":[{\"name\":\"web\",\"image\":\"nginx\",\"args\":[\"";
        const string end = "\"]}]}}";
        var body = start + new string('a', 256 * 1024 - start.Length - end.Length + more) + end;

        Assert.Equal(expected, await _host.PutAsync($"large-{more}", token, body));
    }

    [Fact]
    public async Task A_body_of_unknown_length_is_bounded_too()
    {
        var token = await _host.TokenAsync();
        var request = new HttpRequestMessage(HttpMethod.Put, "/services/chunked") { Content = new StringContent(new string('a', 300_000)) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Headers.TransferEncodingChunked = true;

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await _host.Client.SendAsync(request, Stop)).StatusCode);
    }

    [Theory]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    public async Task Without_a_token_the_answer_is_401_in_the_words_of_2020(string method)
    {
        var missing = await _host.SendAsync(new HttpMethod(method), "who", null, One);
        var request = new HttpRequestMessage(new HttpMethod(method), "/services/who") { Content = new StringContent(One) };
        request.Headers.TryAddWithoutValidation("Authorization", "Basic abc");
        var wrong = await _host.Client.SendAsync(request, Stop);

        Assert.Equal(HttpStatusCode.Unauthorized, missing.StatusCode);
        Assert.Empty(await missing.Content.ReadAsStringAsync(Stop));
        Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
        Assert.Equal("Authorization header format must be Bearer {token}\n", await wrong.Content.ReadAsStringAsync(Stop));
    }

    [Fact]
    public async Task The_name_of_an_app_is_no_token_that_spends_its_money()
    {
        await _host.PayAsync(AccountId.OfApp("a-rich-app-of-others"), 10 * DeployHost.Price);

        Assert.Equal(HttpStatusCode.PaymentRequired, await _host.PutAsync("thief", "a-rich-app-of-others", One));
    }

    [Theory]
    [InlineData("a")]
    [InlineData("fifteen-letters")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    [InlineData("ababababcdcdcdcdeeeeeeeeeeeeee")]
    public async Task A_token_that_can_be_guessed_is_refused_however_rich_its_account_is(string token)
    {
        await _host.PayAsync(AccountId.OfDeployToken(token), DeployHost.Price);

        var answer = await _host.SendAsync(HttpMethod.Put, "weak", token, One);

        Assert.Equal((HttpStatusCode.Unauthorized, "Bearer error=\"invalid_token\""),
            (answer.StatusCode, answer.Headers.WwwAuthenticate.ToString()));
        var text = await answer.Content.ReadAsStringAsync(Stop);
        Assert.Contains("urn:codius:problem:weak-deploy-token", text, StringComparison.Ordinal);
        Assert.Contains("openssl rand -hex 32", text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Unauthorized, (await _host.SendAsync(HttpMethod.Delete, "weak", token)).StatusCode);
    }

    [Fact]
    public async Task Another_token_can_neither_replace_nor_delete_an_app_and_pays_nothing()
    {
        var (mine, other) = (await _host.TokenAsync(), await _host.TokenAsync());
        await _host.PutAsync("mine", mine, One);

        Assert.Equal(HttpStatusCode.Forbidden, await _host.PutAsync("mine", other, Two));
        Assert.Equal(HttpStatusCode.Forbidden, (await _host.SendAsync(HttpMethod.Delete, "mine", other)).StatusCode);
        Assert.Equal(DeployHost.Price, (await _host.BalanceAsync(other)).Available);
        Assert.Equal(HttpStatusCode.OK, (await _host.SendAsync(HttpMethod.Get, "mine", null)).StatusCode);
    }

    [Fact]
    public async Task Its_owner_deletes_an_app()
    {
        var token = await _host.TokenAsync();
        await _host.PutAsync("short-lived", token, One);

        Assert.Equal(HttpStatusCode.NoContent, (await _host.SendAsync(HttpMethod.Delete, "short-lived", token)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await _host.SendAsync(HttpMethod.Get, "short-lived", null)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await _host.SendAsync(HttpMethod.Delete, "short-lived", token)).StatusCode);
    }

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
    public async Task Secrets_without_a_nonce_get_a_warning()
    {
        var response = await _host.SendAsync(HttpMethod.Put, "warned", await _host.TokenAsync(),
            """
            {"spec":{"containers":[{"name":"web","image":"nginx","env":[{"name":"PW","valueFrom":{"secretKeyRef":{"key":"pw"}}}]}]},
             "secretData":{"pw":"x"}}
            """);

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Contains("nonce", response.Headers.GetValues("Warning").Single(), StringComparison.Ordinal);
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
        Assert.EndsWith(":malformed-origin", (await ProblemAsync(answer)).GetProperty("type").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_two_that_deploy_the_same_at_once_the_price_is_taken_once()
    {
        var token = await _host.TokenAsync(deploys: 3);

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => _host.PutAsync("at-once", token, One)));

        Assert.All(answers, answer => Assert.True(answer is HttpStatusCode.Created or HttpStatusCode.NoContent, answer.ToString()));
        Assert.Equal(DeployHost.Price, (await _host.BalanceAsync(token)).Spent);
    }

    private static async Task<JsonElement> ProblemAsync(HttpResponseMessage response)
    {
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.True(response.Headers.CacheControl?.NoStore);
        return JsonDocument.Parse(await response.Content.ReadAsStringAsync(Stop)).RootElement;
    }
}
