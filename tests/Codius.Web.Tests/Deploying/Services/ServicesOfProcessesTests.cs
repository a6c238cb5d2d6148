using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Codius.Web.Tests.Deploying.Services;

/// <summary>A gateway that runs apps as processes, with its real store.</summary>
public sealed class DeployOnProcesses : DeployFixture
{
    public override async ValueTask InitializeAsync() => Host = await DeployHost.StartAsync(null, "one:1", "one:2");

    public override ValueTask DisposeAsync() => Host.DisposeAsync();
}

/// <summary>The services API over the manifests in Redis.</summary>
public sealed class ServicesOfProcessesTests(DeployOnProcesses fixture) : IClassFixture<DeployOnProcesses>
{
    private const string One = """{"spec":{"containers":[{"name":"web","image":"one:1"}]}}""";
    private const string Two =
        """{"spec":{"containers":[{"name":"web","image":"one:2"}]},"annotations":{"codius.org/max-spend-per-hour":"0.5"}}""";

    private readonly DeployHost _host = fixture.Host;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_app_is_created_replaced_shown_and_deleted()
    {
        var token = await _host.TokenAsync(deploys: 2);

        Assert.Equal(HttpStatusCode.Created, await _host.PutAsync("life", token, One));
        Assert.Equal(HttpStatusCode.NoContent, await _host.PutAsync("life", token, One));
        Assert.Equal(HttpStatusCode.NoContent, await _host.PutAsync("life", token, Two));
        Assert.Equal(2 * DeployHost.Price, (await _host.BalanceAsync(token)).Spent);

        var shown = await GetAsync("life");
        Assert.Equal("one:2", (string?)shown["spec"]!["containers"]![0]!["image"]);
        Assert.NotNull(shown["metadata"]!["creationTimestamp"]);
        var byHash = await GetAsync((string)shown["metadata"]!["annotations"]!["codius.org/hash"]!);
        Assert.True(JsonNode.DeepEquals(shown["spec"], byHash["spec"]));

        Assert.Equal(HttpStatusCode.NoContent, (await _host.SendAsync(HttpMethod.Delete, "life", token)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await _host.SendAsync(HttpMethod.Get, "life", null)).StatusCode);
    }

    [Fact]
    public async Task Whoever_deploys_and_visits_at_once_finds_the_app_and_after_a_deletion_no_more()
    {
        const int Times = 20;
        var token = await _host.TokenAsync(deploys: Times);
        for (var i = 0; i < Times; i++)
        {
            Assert.Equal(HttpStatusCode.Created, await _host.PutAsync("at-once", token, One));
            Assert.Equal(HttpStatusCode.PaymentRequired, await VisitAsync("at-once"));
            Assert.Equal(HttpStatusCode.NoContent, (await _host.SendAsync(HttpMethod.Delete, "at-once", token)).StatusCode);
            Assert.Equal(HttpStatusCode.NotFound, await VisitAsync("at-once"));
        }
    }

    private async Task<HttpStatusCode> VisitAsync(string name)
    {
        using var visit = new HttpRequestMessage(HttpMethod.Get, "/") { Headers = { Host = $"{name}.codius.example" } };
        using var answer = await _host.Client.SendAsync(visit, Stop);
        return answer.StatusCode;
    }

    [Fact]
    public async Task A_deleted_name_is_kept_for_its_owner()
    {
        var (mine, other) = (await _host.TokenAsync(deploys: 2), await _host.TokenAsync());
        await _host.PutAsync("kept", mine, One);
        await _host.SendAsync(HttpMethod.Delete, "kept", mine);

        Assert.Equal(HttpStatusCode.Forbidden, await _host.PutAsync("kept", other, One));
        Assert.Equal(DeployHost.Price, (await _host.BalanceAsync(other)).Available);
        Assert.Equal(HttpStatusCode.Created, await _host.PutAsync("kept", mine, One));
    }

    [Fact]
    public async Task Of_two_owners_who_want_a_name_one_gets_it_and_one_pays()
    {
        var tokens = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => _host.TokenAsync()));

        var answers = await Task.WhenAll(tokens.Select(token => _host.PutAsync("wanted", token, One)));

        Assert.Single(answers, HttpStatusCode.Created);
        Assert.Equal(5, answers.Count(answer => answer == HttpStatusCode.Forbidden));
        foreach (var (token, answer) in tokens.Zip(answers))
        {
            var balance = await _host.BalanceAsync(token);
            Assert.Equal(answer == HttpStatusCode.Created ? DeployHost.Price : 0, balance.Spent);
            Assert.Equal(0UL, balance.Leased);
        }
    }

    [Fact]
    public async Task An_image_this_machine_does_not_have_is_a_fault_and_costs_nothing()
    {
        var token = await _host.TokenAsync();

        var response =
            await _host.SendAsync(HttpMethod.Put, "unlisted", token, """{"spec":{"containers":[{"name":"web","image":"nginx"}]}}""");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("spec.containers[0].image", await response.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
        Assert.Equal(DeployHost.Price, (await _host.BalanceAsync(token)).Available);
        Assert.Equal(HttpStatusCode.NotFound, (await _host.SendAsync(HttpMethod.Get, "unlisted", null)).StatusCode);
    }

    [Fact]
    public async Task The_hosts_own_app_is_nobodys_to_replace()
    {
        var token = await _host.TokenAsync();

        Assert.Equal(HttpStatusCode.Forbidden, await _host.PutAsync("hello", token, One));
        Assert.Equal(HttpStatusCode.Forbidden, (await _host.SendAsync(HttpMethod.Delete, "hello", token)).StatusCode);
    }

    private async Task<JsonObject> GetAsync(string name) =>
        (await (await _host.SendAsync(HttpMethod.Get, name, null)).EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonObject>(Stop))!;
}
