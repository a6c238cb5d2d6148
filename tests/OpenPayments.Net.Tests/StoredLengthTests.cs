using System.Text.Json.Nodes;

namespace OpenPayments.Net.Tests;

/// <summary>What a wallet's server stores of a receiver fits into its columns: Rafiki's are varchar(255).</summary>
public sealed class StoredLengthTests : IAsyncLifetime
{
    private const int Most = 255;
    private static readonly string[] AllActions = ["create", "read", "read-all", "list", "complete"];

    // The longest origin with which the URL of an incoming payment of the longest account still fits.
    private readonly ReceiverUnderTest _receiver = new("https://" + new string('h', 57));

    public ValueTask InitializeAsync() => _receiver.InitializeAsync();

    public ValueTask DisposeAsync() => _receiver.DisposeAsync();

    [Theory]
    [InlineData("a wallet address of 200 characters")]
    [InlineData("a bare key")]
    public async Task Tokens_and_URLs_of_the_longest_account_fit_whoever_the_client_is(string named)
    {
        var client = named == "a bare key" ? _receiver.Bare : _receiver.LongNamed;
        var (status, grant, _) = await client.AskForGrantAsync(AllActions, ReceiverUnderTest.Longest);
        Assert.Equal(200, status);
        var token = Text(grant!["access_token"]!["value"]);

        var (created, payment, _) = await client.SendAsync(HttpMethod.Post, $"/op/{new string('x', 63)}/incoming-payments",
            new JsonObject { ["walletAddress"] = ReceiverUnderTest.Longest }, token);
        Assert.Equal(201, created);
        var (read, view, _) = await client.SendAsync(HttpMethod.Get, new Uri(Text(payment!["id"])).AbsolutePath, token: token);
        var (rotated, fresh, _) =
            await client.SendAsync(HttpMethod.Post, new Uri(Text(grant["access_token"]!["manage"])).AbsolutePath, token: token);
        Assert.Equal((200, 200), (read, rotated));
        Assert.Equal(ReceiverUnderTest.Longest, Text(fresh!["access_token"]!["access"]![0]!["identifier"]));

        var continuation = Text(grant["continue"]!["access_token"]!["value"]);
        foreach (var stored in new[]
        {
            token, Text(grant["access_token"]!["manage"]), continuation, Text(grant["continue"]!["uri"]), Text(payment["id"]),
                Text(view!["walletAddress"]),
            Text(fresh["access_token"]!["value"]), Text(fresh["access_token"]!["manage"]), _receiver.Origin + "/auth",
        })
            Assert.True(stored.Length <= Most, $"{stored.Length}: {stored}");

        var (cancelled, _, _) =
            await client.SendAsync(HttpMethod.Delete, new Uri(Text(grant["continue"]!["uri"])).AbsolutePath, token: continuation);
        Assert.Equal(204, cancelled);
    }

    [Fact]
    public async Task More_wallet_addresses_than_a_token_can_name_are_refused()
    {
        var (status, json, _) = await _receiver.Bare.AskForGrantAsync(
        [
            TestClient.AccessTo(ReceiverUnderTest.Longest, "create"), TestClient.AccessTo(ReceiverUnderTest.Hello, "create"),
            TestClient.AccessTo(ReceiverUnderTest.Hello.Replace("hello", "other", StringComparison.Ordinal), "create"),
        ]);

        const string Description = "These are more wallet addresses than one grant can name; ask for a grant for each of them.";
        Assert.Equal((400, $$$"""{"error":{"code":"invalid_request","description":"{{{Description}}}"}}"""),
            (status, json!.ToJsonString()));
    }

    [Fact]
    public async Task Five_accesses_to_the_longest_account_are_one_and_fit()
    {
        var (status, json, _) = await _receiver.LongNamed.AskForGrantAsync(
            [.. AllActions.Select(action => TestClient.AccessTo(ReceiverUnderTest.Longest, action))]);

        Assert.Equal(200, status);
        const string Actions = """["create","read","read-all","list","complete"]""";
        Assert.Equal(
            $$"""[{"type":"incoming-payment","actions":{{Actions}},"identifier":"{{ReceiverUnderTest.Longest}}"}]""",
            json!["access_token"]!["access"]!.ToJsonString());
        Assert.True(Text(json["access_token"]!["value"]).Length <= Most);
    }

    private static string Text(JsonNode? json) => (string)json!;
}
