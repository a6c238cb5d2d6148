using System.Net;
using System.Text;
using System.Text.Json;
using Codius.Web.Balances;

namespace Codius.Web.Tests.Deploying.Kubectl;

/// <summary>The gateway's answers to the API server about bearer tokens.</summary>
public sealed class TokenReviewTests(DeployOnRedis fixture) : IClassFixture<DeployOnRedis>
{
    private readonly DeployHost _host = fixture.Host;

    [Theory]
    [InlineData("authentication.k8s.io/v1")]
    [InlineData("authentication.k8s.io/v1beta1")]
    public async Task A_token_that_can_pay_is_a_deployer_and_pays_nothing_for_being_asked(string version)
    {
        var token = await _host.TokenAsync();

        for (var i = 0; i < 3; i++)
        {
            var review = await ReviewAsync(version, token);
            Assert.Equal(version, review.GetProperty("apiVersion").GetString());
            Assert.Equal("TokenReview", review.GetProperty("kind").GetString());
            var status = review.GetProperty("status");
            Assert.True(status.GetProperty("authenticated").GetBoolean());
            Assert.False(status.TryGetProperty("error", out _));
            Assert.Equal($"codius:deploy:{AccountId.OfDeployToken(token)}", status.GetProperty("user").GetProperty("username").GetString());
            Assert.Equal(["codius:deployers"], status.GetProperty("user").GetProperty("groups").EnumerateArray()
                .Select(group => group.GetString()));
        }

        Assert.Equal(DeployHost.Price, (await _host.BalanceAsync(token)).Available);
    }

    [Fact]
    public async Task A_token_that_cannot_pay_is_refused_with_an_error_that_says_where_to_pay()
    {
        var token = await _host.TokenAsync(deploys: 0);
        await _host.PayAsync(AccountId.OfDeployToken(token), DeployHost.Price - 1);

        var status = (await ReviewAsync("authentication.k8s.io/v1", token)).GetProperty("status");

        Assert.False(status.GetProperty("authenticated").GetBoolean());
        Assert.Contains($"$codius.example/pay/{AccountId.OfDeployToken(token)}", status.GetProperty("error").GetString(),
            StringComparison.Ordinal);
        Assert.DoesNotContain(token, status.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_that_can_be_guessed_is_refused_however_rich_its_account_is()
    {
        await _host.PayAsync(AccountId.OfDeployToken("a"), DeployHost.Price);

        var status = (await ReviewAsync("authentication.k8s.io/v1", "a")).GetProperty("status");

        Assert.False(status.GetProperty("authenticated").GetBoolean());
        Assert.Contains("at least 16 characters", status.GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_owner_of_an_app_is_a_deployer_even_without_money()
    {
        var token = await _host.TokenAsync();
        Assert.Equal(HttpStatusCode.Created,
            await _host.PutAsync("owned", token, """{"spec":{"containers":[{"name":"web","image":"nginx"}]}}"""));

        Assert.Equal(0UL, (await _host.BalanceAsync(token)).Funds);
        Assert.True((await ReviewAsync("authentication.k8s.io/v1", token)).GetProperty("status").GetProperty("authenticated").GetBoolean());
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("not json")]
    [InlineData("""{"apiVersion":"authentication.k8s.io/v1","kind":"TokenReview","spec":{"token":""}}""")]
    [InlineData("""{"apiVersion":"authentication.k8s.io/v1","kind":"TokenReview","spec":{"token":"unknown"}}""")]
    public async Task Every_refusal_has_an_error_since_only_that_is_not_remembered(string body)
    {
        var status = (await PostAsync(body)).GetProperty("status");

        Assert.False(status.GetProperty("authenticated").GetBoolean());
        Assert.NotEmpty(status.GetProperty("error").GetString()!);
    }

    [Fact]
    public async Task The_hosts_own_name_does_not_answer_it()
    {
        var response = await _host.Client.PostAsync("/token", new StringContent("{}"), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    private Task<JsonElement> ReviewAsync(string version, string token) =>
        PostAsync($$$"""{"apiVersion":"{{{version}}}","kind":"TokenReview","metadata":{"creationTimestamp":null},"spec":{"token":"{{{token}}}","audiences":["api"]}}""");

    private async Task<JsonElement> PostAsync(string body)
    {
        var response = await _host.Webhooks.PostAsync("/token", new StringContent(body, Encoding.UTF8, "application/json"),
            TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).RootElement;
    }
}
