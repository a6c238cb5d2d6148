using System.Text.Json.Nodes;

namespace OpenPayments.Net.Tests.Grants;

public sealed class GrantServerTests : IAsyncLifetime
{
    private readonly ReceiverUnderTest _receiver = new();

    public ValueTask InitializeAsync() => _receiver.InitializeAsync();

    public ValueTask DisposeAsync() => _receiver.DisposeAsync();

    [Fact]
    public async Task A_grant_is_given_at_once_without_interaction()
    {
        var (status, json, headers) = await _receiver.Wallet.AskForGrantAsync(["create", "read"]);

        Assert.Equal(200, status);
        Assert.Equal(600, (int)json!["access_token"]!["expires_in"]!);
        Assert.Equal(
            """[{"type":"incoming-payment","actions":["create","read"],"identifier":"https://hello.codius.test/.well-known/pay"}]""",
            json["access_token"]!["access"]!.ToJsonString());
        Assert.StartsWith("https://codius.test/auth/token/", (string)json["access_token"]!["manage"]!, StringComparison.Ordinal);
        Assert.StartsWith("https://codius.test/auth/continue/", (string)json["continue"]!["uri"]!, StringComparison.Ordinal);
        Assert.Null(json["interact"]);
        Assert.True(headers.CacheControl!.NoStore);
    }

    [Fact]
    public async Task A_wallet_that_wishes_interaction_and_names_no_identifier_gets_its_grant_all_the_same()
    {
        var (status, _, _) = await _receiver.Wallet.SendAsync(HttpMethod.Post, "/auth", new JsonObject
        {
            ["access_token"] = new JsonObject { ["access"] = JsonNode.Parse("""[{"type":"incoming-payment","actions":["read-all"]}]""") },
            ["interact"] = JsonNode.Parse("""{"start":["redirect"]}"""),
            ["client"] = _receiver.Wallet.Name,
        });

        Assert.Equal(200, status);
    }

    [Fact]
    public async Task A_wallet_address_may_also_be_named_as_an_object()
    {
        var (status, _, _) = await _receiver.Wallet.SendAsync(HttpMethod.Post, "/auth", new JsonObject
        {
            ["access_token"] = new JsonObject { ["access"] = JsonNode.Parse("""[{"type":"incoming-payment","actions":["create"]}]""") },
            ["client"] = new JsonObject { ["walletAddress"] = _receiver.Wallet.Name },
        });

        Assert.Equal((200, 1), (status, _receiver.KeyFetches));
    }

    [Fact]
    public async Task A_bare_key_is_a_client() => Assert.Equal(200, (await _receiver.Bare.AskForGrantAsync(["read-all"])).Status);

    [Theory]
    [InlineData("""[{"type":"outgoing-payment","actions":["create"]}]""")]
    [InlineData("""[{"type":"quote","actions":["create"]}]""")]
    [InlineData("""[{"type":"incoming-payment","actions":["list-all"]}]""")]
    [InlineData("""[{"type":"incoming-payment","actions":[]}]""")]
    [InlineData("""[{"type":"incoming-payment","actions":"create"}]""")]
    [InlineData("""[{"type":"incoming-payment","actions":["create"],"identifier":"https://elsewhere.example/x"}]""")]
    [InlineData("""[{"type":"incoming-payment","actions":["create"],"identifier":7}]""")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("[7]")]
    public async Task What_is_not_given_here_is_an_invalid_request(string access)
    {
        var (status, json, _) = await _receiver.Wallet.SendAsync(HttpMethod.Post, "/auth", new JsonObject
        {
            ["access_token"] = new JsonObject { ["access"] = JsonNode.Parse(access) },
            ["client"] = _receiver.Wallet.Name,
        });

        Assert.Equal((400, "invalid_request"), (status, (string)json!["error"]!["code"]!));
        Assert.NotEmpty((string)json["error"]!["description"]!);
    }

    [Fact]
    public async Task A_client_without_the_key_is_unknown()
    {
        var (status, json, _) = await _receiver.Bare.SendAsync(HttpMethod.Post, "/auth", new JsonObject
        {
            ["access_token"] = new JsonObject { ["access"] = JsonNode.Parse("""[{"type":"incoming-payment","actions":["create"]}]""") },
            ["client"] = _receiver.Wallet.Name,
        });

        Assert.Equal((400, "invalid_client"), (status, (string)json!["error"]!["code"]!));
    }

    public static TheoryData<string, Action<HttpRequestMessage>> Spoilers => new()
    {
        { "no signature", request => request.Headers.Remove("Signature") },
        { "no signature input", request => request.Headers.Remove("Signature-Input") },
        { "another query", request => request.RequestUri = new Uri("/auth?x=1", UriKind.Relative) },
        { "another body", request => request.Content = new StringContent("{}") },
        { "a cut signature", request => { request.Headers.Remove("Signature"); request.Headers.Add("Signature", "sig1=:AAAA:"); } },
        { "a signature of zeros",
            request =>
            {
                request.Headers.Remove("Signature");
                request.Headers.Add("Signature", $"sig1=:{Convert.ToBase64String(new byte[64])}:");
            } },
    };

    [Theory]
    [MemberData(nameof(Spoilers), DisableDiscoveryEnumeration = true)]
    public async Task A_spoiled_signature_is_refused(string what, Action<HttpRequestMessage> spoil)
    {
        var (status, json, _) = await _receiver.Wallet.AskForGrantAsync(["create"], spoil: spoil);

        Assert.True((status, (string)json!["error"]!["code"]!) == (401, "invalid_client"), what);
    }

    [Fact]
    public async Task Keys_are_fetched_once_for_many_requests()
    {
        for (var i = 0; i < 5; i++) await _receiver.Wallet.GrantAsync("create");

        Assert.Equal(1, _receiver.KeyFetches);
    }

    [Fact]
    public async Task A_cancelled_grant_is_dead()
    {
        var (_, json, _) = await _receiver.Wallet.AskForGrantAsync(["create"]);
        var path = new Uri((string)json!["continue"]!["uri"]!).AbsolutePath;
        var continuation = (string)json["continue"]!["access_token"]!["value"]!;

        var (cancelled, _, _) = await _receiver.Wallet.SendAsync(HttpMethod.Delete, path, token: continuation);
        var (again, _, _) = await _receiver.Wallet.SendAsync(HttpMethod.Delete, path, token: continuation);
        var (create, _, headers) = await _receiver.Wallet.SendAsync(HttpMethod.Post, "/op/hello/incoming-payments",
            new JsonObject { ["walletAddress"] = ReceiverUnderTest.Hello }, (string)json["access_token"]!["value"]!);

        Assert.Equal((204, 401, 401), (cancelled, again, create));
        Assert.Equal("GNAP as_uri=https://codius.test/auth", headers.WwwAuthenticate.ToString());
    }

    [Fact]
    public async Task An_access_token_cannot_cancel_nor_a_continuation_token_create()
    {
        var (_, json, _) = await _receiver.Wallet.AskForGrantAsync(["create"]);
        var path = new Uri((string)json!["continue"]!["uri"]!).AbsolutePath;

        var (cancel, _, _) = await _receiver.Wallet.SendAsync(HttpMethod.Delete, path, token: (string)json["access_token"]!["value"]!);
        var (create, _, _) = await _receiver.Wallet.SendAsync(HttpMethod.Post, "/op/hello/incoming-payments",
            new JsonObject { ["walletAddress"] = ReceiverUnderTest.Hello }, (string)json["continue"]!["access_token"]!["value"]!);

        Assert.Equal((401, 401), (cancel, create));
    }

    [Fact]
    public async Task An_expired_token_rotates_and_the_old_one_is_dead()
    {
        var (_, json, _) = await _receiver.Wallet.AskForGrantAsync(["create"]);
        var old = (string)json!["access_token"]!["value"]!;
        var path = new Uri((string)json["access_token"]!["manage"]!).AbsolutePath;
        _receiver.Time.Advance(TimeSpan.FromHours(1));

        var (expired, _, _) = await CreateAsync(old);
        var (rotated, fresh, _) = await _receiver.Wallet.SendAsync(HttpMethod.Post, path, token: old);
        var (again, _, _) = await _receiver.Wallet.SendAsync(HttpMethod.Post, path, token: old);
        var (created, _, _) = await CreateAsync((string)fresh!["access_token"]!["value"]!);

        Assert.Equal((401, 200, 401, 201), (expired, rotated, again, created));
    }

    [Fact]
    public async Task A_grant_is_cancelled_also_after_its_token_was_rotated()
    {
        var (_, json, _) = await _receiver.Wallet.AskForGrantAsync(["create"]);
        var (_, fresh, _) = await _receiver.Wallet.SendAsync(HttpMethod.Post,
            new Uri((string)json!["access_token"]!["manage"]!).AbsolutePath, token: (string)json["access_token"]!["value"]!);

        var (cancelled, _, _) = await _receiver.Wallet.SendAsync(HttpMethod.Delete, new Uri((string)json["continue"]!["uri"]!).AbsolutePath,
            token: (string)json["continue"]!["access_token"]!["value"]!);

        Assert.Equal((204, 401), (cancelled, (await CreateAsync((string)fresh!["access_token"]!["value"]!)).Status));
    }

    [Fact]
    public async Task A_revoked_token_is_dead()
    {
        var (_, json, _) = await _receiver.Wallet.AskForGrantAsync(["create"]);
        var token = (string)json!["access_token"]!["value"]!;

        var (revoked, _, _) = await _receiver.Wallet.SendAsync(
            HttpMethod.Delete, new Uri((string)json["access_token"]!["manage"]!).AbsolutePath, token: token);

        Assert.Equal((204, 401), (revoked, (await CreateAsync(token)).Status));
    }

    [Fact]
    public async Task A_token_is_managed_and_a_grant_cancelled_at_its_own_URL_only()
    {
        var (one, two) = (await NewAsync(), await NewAsync());

        var (rotated, _, _) = await _receiver.Wallet.SendAsync(HttpMethod.Post, two.Manage, token: one.Token);
        var (revoked, _, _) = await _receiver.Wallet.SendAsync(HttpMethod.Delete, two.Manage, token: one.Token);
        var (cancelled, _, _) = await _receiver.Wallet.SendAsync(HttpMethod.Delete, two.Continue, token: one.End);

        Assert.Equal((401, 401, 401), (rotated, revoked, cancelled));
        Assert.Equal((201, 201), ((await CreateAsync(one.Token)).Status, (await CreateAsync(two.Token)).Status));
    }

    [Fact]
    public async Task Nobody_else_manages_a_token_or_cancels_a_grant()
    {
        var grant = await NewAsync();

        var (rotated, _, _) = await _receiver.Bare.SendAsync(HttpMethod.Post, grant.Manage, token: grant.Token);
        var (revoked, _, _) = await _receiver.Bare.SendAsync(HttpMethod.Delete, grant.Manage, token: grant.Token);
        var (cancelled, _, _) = await _receiver.Bare.SendAsync(HttpMethod.Delete, grant.Continue, token: grant.End);

        Assert.Equal((401, 401, 401), (rotated, revoked, cancelled)); // not the key of the grant
        Assert.Equal(201, (await CreateAsync(grant.Token)).Status);
    }

    [Fact]
    public async Task What_has_ended_is_not_brought_back()
    {
        var (cancelled, revoked) = (await NewAsync(), await NewAsync());
        await _receiver.Wallet.SendAsync(HttpMethod.Delete, cancelled.Continue, token: cancelled.End);
        await _receiver.Wallet.SendAsync(HttpMethod.Delete, revoked.Manage, token: revoked.Token);

        Assert.Equal(401, (await _receiver.Wallet.SendAsync(HttpMethod.Post, cancelled.Manage, token: cancelled.Token)).Status);
        Assert.Equal(401, (await _receiver.Wallet.SendAsync(HttpMethod.Post, revoked.Manage, token: revoked.Token)).Status);
        Assert.Equal(401, (await _receiver.Wallet.SendAsync(HttpMethod.Delete, revoked.Manage, token: revoked.Token)).Status);
    }

    [Fact]
    public async Task A_token_rotates_for_thirty_days_after_its_end()
    {
        var (one, two) = (await NewAsync(), await NewAsync());
        _receiver.Time.Advance(TimeSpan.FromDays(30));
        Assert.Equal(200, (await _receiver.Wallet.SendAsync(HttpMethod.Post, one.Manage, token: one.Token)).Status);

        _receiver.Time.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(401, (await _receiver.Wallet.SendAsync(HttpMethod.Post, two.Manage, token: two.Token)).Status);
    }

    [Fact]
    public async Task A_stolen_token_is_of_no_use_to_another_client()
    {
        var token = await _receiver.Wallet.GrantAsync("create");

        var (status, _, _) = await _receiver.Bare.SendAsync(
            HttpMethod.Post, "/op/hello/incoming-payments", new JsonObject { ["walletAddress"] = ReceiverUnderTest.Hello }, token);

        Assert.Equal(401, status);
    }

    private async Task<(string Token, string Manage, string End, string Continue)> NewAsync()
    {
        var (_, json, _) = await _receiver.Wallet.AskForGrantAsync(["create"]);
        return ((string)json!["access_token"]!["value"]!, new Uri((string)json["access_token"]!["manage"]!).AbsolutePath,
            (string)json["continue"]!["access_token"]!["value"]!, new Uri((string)json["continue"]!["uri"]!).AbsolutePath);
    }

    private Task<(int Status, JsonNode? Json, System.Net.Http.Headers.HttpResponseHeaders Headers)> CreateAsync(string token) =>
        _receiver.Wallet.SendAsync(
            HttpMethod.Post, "/op/hello/incoming-payments", new JsonObject { ["walletAddress"] = ReceiverUnderTest.Hello }, token);
}
