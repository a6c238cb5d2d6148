using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Codius.Testing;
using Codius.Testing.Stores;
using Codius.Web.Balances;

namespace Codius.Web.Tests.Deploying.Services;

/// <summary>An app that writes a password and ends: its last lines are for its owner alone, and the owner reads them everywhere.</summary>
public sealed class LastLinesTests
{
    private const string Password = "hunter2";
    private const string Manifest = """{"spec":{"containers":[{"name":"web","image":"leaky:1"}]}}""";
    private const string Token = "a-token-of-its-owner";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Only_its_owner_reads_an_apps_last_lines_and_through_every_gateway()
    {
        await using var redis = new RedisServer();
        await redis.StartAsync(Stop);
        await using var one = await StartAsync(redis);
        using var toOne = one.Client();
        await one.PayAsync(AccountId.OfDeployToken(Token).ToString(), 1_000_000_000, Stop);
        await one.PayAsync("leaky", 1_000_000_000, Stop);
        Assert.Equal(HttpStatusCode.Created, (await SendAsync(toOne, HttpMethod.Put, Token, Manifest)).StatusCode);
        await using var two = await StartAsync(redis);
        using var toTwo = two.Client();

        // The third failure in a row forbids the next start: from then on the state stays.
        var problem = "";
        for (var i = 0; i < 3; i++) problem = await VisitAsync(toOne, "", "*/*");
        var page = await VisitAsync(toOne, "", "text/html");
        var balance = await VisitAsync(toOne, ".well-known/codius/balance", "*/*");
        var events = await FirstEventAsync(toOne);

        foreach (var text in (string[])[problem, page, balance, events])
        {
            Assert.Contains("exit code 3", text, StringComparison.Ordinal);
            Assert.DoesNotContain(Password, text, StringComparison.Ordinal);
        }
        foreach (var client in (HttpClient[])[toOne, toTwo])
        {
            foreach (var token in (string?[])[null, "another-token"])
                Assert.DoesNotContain(Password, await TextAsync(await SendAsync(client, HttpMethod.Get, token)), StringComparison.Ordinal);
            JsonNode? failure = null;
            await Eventually.TrueAsync("the owner reads it", async () =>
            {
                failure = JsonNode.Parse(await TextAsync(await SendAsync(client, HttpMethod.Get, Token)))!["status"]!["lastFailure"];
                return failure is null ? (bool?)null : true;
            });
            Assert.Contains("exit code 3", (string?)failure!["reason"], StringComparison.Ordinal);
            Assert.Equal($"the password is {Password}", (string?)failure["output"]);
            Assert.NotNull(failure["at"]);
        }
        // Nor does a reader of the store.
        var stored = await StoredAsync(redis);
        Assert.DoesNotContain(Password, stored, StringComparison.Ordinal);
    }

    private static Task<GatewayUnderTest> StartAsync(RedisServer redis) => GatewayUnderTest.StartAsync(
    [
        $"Redis:ConnectionString={redis.ConnectionString}", $"Host:Secret={Convert.ToBase64String(new byte[31].Append((byte)7).ToArray())}",
        "Apps:Processes:Images:0:Image=leaky:1", "Apps:Processes:Images:0:Command=/bin/sh", "Apps:Processes:Images:0:Args:0=-c",
        $"Apps:Processes:Images:0:Args:1=echo the password is {Password}; exit 3",
    ]);

    private static Task<HttpResponseMessage> SendAsync(HttpClient client, HttpMethod method, string? token, string? body = null)
    {
        var request = new HttpRequestMessage(method, $"http://{GatewayUnderTest.Domain}/services/leaky");
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        return client.SendAsync(request, Stop);
    }

    private static async Task<string> VisitAsync(HttpClient client, string path, string accept)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, GatewayUnderTest.UrlOf("leaky") + path);
        request.Headers.TryAddWithoutValidation("Accept", accept);
        return await TextAsync(await client.SendAsync(request, Stop));
    }

    private static async Task<string> FirstEventAsync(HttpClient client)
    {
        await using var stream = await client.GetStreamAsync(new Uri(GatewayUnderTest.UrlOf("leaky") + ".well-known/codius/events"), Stop);
        using var reader = new StreamReader(stream);
        while (true)
        {
            if (await reader.ReadLineAsync(Stop) is { } line && line.StartsWith("data:", StringComparison.Ordinal)) return line;
        }
    }

    private static async Task<string> StoredAsync(RedisServer redis)
    {
        using var store = LedgerStore.OnRedis(redis);
        return (string)(await store.Database.StringGetAsync("codius:{leaky}:failure"))!;
    }

    private static Task<string> TextAsync(HttpResponseMessage answer) => answer.Content.ReadAsStringAsync(Stop);
}
