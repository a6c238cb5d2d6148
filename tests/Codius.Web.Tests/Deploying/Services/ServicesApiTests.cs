using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
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
