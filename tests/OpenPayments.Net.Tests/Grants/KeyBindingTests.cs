using System.Text.Json.Nodes;

namespace OpenPayments.Net.Tests.Grants;

/// <summary>A grant belongs to a client and to the key that signed the request for it.</summary>
public sealed class KeyBindingTests : IAsyncLifetime
{
    private const string Collection = "/op/hello/incoming-payments";
    private readonly ReceiverUnderTest _receiver = new();

    public ValueTask InitializeAsync() => _receiver.InitializeAsync();

    public ValueTask DisposeAsync() => _receiver.DisposeAsync();

    [Fact]
    public async Task Another_key_of_the_same_client_cannot_use_the_token()
    {
        var token = await _receiver.Wallet.GrantAsync("create");

        var (status, json, _) = await CreateAsync(_receiver.WalletWithSecondKey, token);

        Assert.Equal((401, "invalid_token"), (status, (string)json!["error"]!["code"]!));
        Assert.Equal(201, (await CreateAsync(_receiver.Wallet, token)).Status);
    }

    [Fact]
    public async Task With_a_grant_of_its_own_another_key_of_the_same_client_reads_what_the_client_made()
    {
        var (_, payment, _) = await CreateAsync(_receiver.Wallet, await _receiver.Wallet.GrantAsync("create"));
        Assert.True(_receiver.Payments.Pay((string)payment!["id"]!, _receiver.Urls, 1));

        var token = await _receiver.WalletWithSecondKey.GrantAsync("read", "list");
        var (read, _, _) =
            await _receiver.WalletWithSecondKey.SendAsync(HttpMethod.Get, new Uri((string)payment!["id"]!).AbsolutePath, token: token);
        var (_, list, _) = await _receiver.WalletWithSecondKey.SendAsync(HttpMethod.Get, Collection, token: token);

        Assert.Equal((200, 1), (read, list!["result"]!.AsArray().Count));
    }

    [Fact]
    public async Task Another_client_with_the_same_key_is_another_client()
    {
        var (_, payment, _) = await CreateAsync(_receiver.Wallet, await _receiver.Wallet.GrantAsync("create"));

        var (read, _, _) = await _receiver.LongNamed.SendAsync(HttpMethod.Get, new Uri((string)payment!["id"]!).AbsolutePath,
            token: await _receiver.LongNamed.GrantAsync("read"));

        Assert.Equal(403, read);
    }

    [Fact]
    public async Task A_key_that_was_taken_away_gets_no_new_grant_and_keeps_the_old_one_no_longer_than_thirty_days()
    {
        var (_, grant, _) = await _receiver.Wallet.AskForGrantAsync(["create"]);
        _receiver.FirstKeyIsGone = true;
        _receiver.Time.Advance(TimeSpan.FromMinutes(6)); // keys are fetched again after 5

        Assert.Equal(400, (await _receiver.Wallet.AskForGrantAsync(["create"])).Status);
        _receiver.Time.Advance(TimeSpan.FromDays(29));
        var (rotated, fresh) = await RotateAsync(grant!);
        _receiver.Time.Advance(TimeSpan.FromDays(2));

        Assert.Equal((200, 401), (rotated, (await RotateAsync(fresh!)).Status));
    }

    [Fact]
    public async Task A_client_that_changed_its_key_and_kept_its_name_gets_grants_again_within_seconds()
    {
        await _receiver.Wallet.GrantAsync("create");
        _receiver.FirstKeyIsChanged = true;
        Assert.Equal(401, (await _receiver.WalletWithChangedKey.AskForGrantAsync(["create"])).Status);

        _receiver.Time.Advance(TimeSpan.FromSeconds(11));
        await _receiver.WalletWithChangedKey.GrantAsync("create");

        Assert.Equal(401, (await _receiver.Wallet.AskForGrantAsync(["create"])).Status);
        Assert.Equal(2, _receiver.KeyFetches);
    }

    private static Task<(int Status, JsonNode? Json, System.Net.Http.Headers.HttpResponseHeaders Headers)> CreateAsync(TestClient client,
        string token) =>
        client.SendAsync(HttpMethod.Post, Collection, new JsonObject { ["walletAddress"] = ReceiverUnderTest.Hello }, token);

    private async Task<(int Status, JsonNode? Json)> RotateAsync(JsonNode grant)
    {
        var token = grant["access_token"]!;
        var (status, json, _) = await _receiver.Wallet.SendAsync(HttpMethod.Post, new Uri((string)token["manage"]!).AbsolutePath,
            token: (string)token["value"]!);
        return (status, json);
    }
}
