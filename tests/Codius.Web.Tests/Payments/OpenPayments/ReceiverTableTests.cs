using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Codius.Testing;
using Interledger.Net.Packets;
using Interledger.Net.Spsp;
using Microsoft.Extensions.DependencyInjection;
using OpenPayments.Net;

namespace Codius.Web.Tests.Payments.OpenPayments;

/// <summary>
/// Every response that today's Web Monetization needs from a receiver, exactly: status, body, and the relevant headers.
/// </summary>
public sealed partial class ReceiverTableTests : IAsyncLifetime
{
    private const string Uuid = "7b0a1c5e-0000-4000-8000-000000000000";

    private readonly AheadOfTime _time = new();
    private PayableGateway _gateway = null!;
    private BareClient _client = null!;
    private string _app = null!;

    private string Id => BareClient.IdOf(_gateway, _app);

    private string Auth => _gateway.Host + "/auth";

    public async ValueTask InitializeAsync()
    {
        _gateway = await PayableGateway.StartAsync(services: services => services.AddSingleton<TimeProvider>(_time));
        (_client, _app) = (new BareClient(_gateway), _gateway.NewApp());
    }

    public ValueTask DisposeAsync() => _gateway.DisposeAsync();

    [Fact]
    public async Task The_wallet_address_its_keys_and_classic_SPSP_stand_at_one_URL()
    {
        var address = await SendAsync(HttpMethod.Get, Id, signed: false);
        Assert.Equal((200, "*", "public, max-age=300", "Accept", "application/json; charset=utf-8"),
            (address.Status, Header(address, "Access-Control-Allow-Origin"),
            Header(address, "Cache-Control"), Header(address, "Vary"), address.Answer.Content.Headers.ContentType!.ToString()));
        Assert.Equal(
            $$"""{"id":"{{Id}}","publicName":"{{_app}}.codius.test","assetCode":"USD","assetScale":9,"authServer":"{{Auth}}","resourceServer":"{{_gateway.Host}}/op/{{_app}}"}""",
            address.Text);

        var keys = await SendAsync(HttpMethod.Get, Id + "/jwks.json", signed: false);
        Assert.Equal(200, keys.Status);
        Assert.Matches(
            """^\{"keys":\[\{"kid":"codius-[A-Za-z0-9_-]{8}","alg":"EdDSA","kty":"OKP","crv":"Ed25519","x":"[A-Za-z0-9_-]{43}"\}\]\}$""", keys.Text);

        using var spsp = await _gateway.GetAsync(Id);
        Assert.Equal((200, SpspResponse.MediaType), ((int)spsp.StatusCode, spsp.Content.Headers.ContentType!.ToString()));
        Assert.Matches(
            """^\{"destination_account":"test\.codius\.[A-Za-z0-9_~-]+","shared_secret":"[A-Za-z0-9+/]{43}=","receipts_enabled":false\}$""",
            await TextAsync(spsp));
    }

    [Theory]
    [InlineData("application/json", """{"error":{"code":"not_found","description":"There is no such wallet address on this host."}}""",
        "application/json; charset=utf-8")]
    [InlineData("application/spsp4+json",
        """{"id":"InvalidReceiverError","message":"There is no such account here. Check the payment pointer."}""",
        "application/spsp4+json")]
    public async Task Who_is_not_here_is_told_in_the_words_of_whoever_asks(string accept, string body, string type)
    {
        foreach (
            var url in new[] { BareClient.IdOf(_gateway, "nobody"), _gateway.Host + "/pay/nobody", BareClient.IdOf(_gateway, "nobody")
            + "/jwks.json", _gateway.Host + "/.well-known/pay" })
        {
            using var answer = await _gateway.GetAsync(url, accept);
            Assert.Equal((404, body, type, "no-store"),
                ((int)answer.StatusCode, await TextAsync(answer), answer.Content.Headers.ContentType!.ToString(),
                answer.Headers.CacheControl!.ToString()));
        }
    }

    [Fact]
    public async Task A_grant_has_a_token_its_management_and_an_end()
    {
        var (status, json, answer) = await _client.AskForGrantAsync(_app, true, "create", "read");

        Assert.Equal((200, "no-store", "*"),
            (status, answer.Headers.CacheControl!.ToString(), answer.Headers.GetValues("Access-Control-Allow-Origin").Single()));
        var (value, manage) = (Text(json!["access_token"]!["value"]), Text(json["access_token"]!["manage"]));
        var (end, uri) = (Text(json["continue"]!["access_token"]!["value"]), Text(json["continue"]!["uri"]));
        Assert.Matches("^[A-Za-z0-9_-]+$", value);
        Assert.Matches($"^{Regex.Escape(Auth)}/token/[0-9a-f]{{32}}$", manage);
        Assert.Matches($"^{Regex.Escape(Auth)}/continue/[0-9a-f]{{32}}$", uri);
        Assert.Equal(
            $$$"""{"access_token":{"value":"{{{value}}}","manage":"{{{manage}}}","expires_in":600,"access":[{"type":"incoming-payment","actions":["create","read"],"identifier":"{{{Id}}}"}]}"""
            + $$$""","continue":{"access_token":{"value":"{{{end}}}"},"uri":"{{{uri}}}"}}""", await TextAsync(answer));
    }

    public static TheoryData<string, int, string, string> Wishes => new()
    {
        { "[]", 400, "invalid_request", "The body must be a JSON object with access_token.access and client." },
        { """{"access_token":{}}""", 400, "invalid_request", "The body must be a JSON object with access_token.access and client." },
        { """{"access_token":{"access":[]}}""", 400, "invalid_request", "access_token.access must be a list of 1 to 5 accesses." },
        { """{"access_token":{"access":[{"actions":["create"]}]}}""", 400, "invalid_request", "Each access needs a type." },
        { """{"access_token":{"access":[{"type":"outgoing-payment","actions":["create"]}]}}""", 400, "invalid_request",
            "Access of type 'outgoing-payment' is not given here; this host only receives: ask for incoming-payment." },
        { """{"access_token":{"access":[{"type":"quote","actions":["create"]}]}}""", 400, "invalid_request",
            "Access of type 'quote' is not given here; this host only receives: ask for incoming-payment." },
        { """{"access_token":{"access":[{"type":"incoming-payment"}]}}""", 400, "invalid_request", "Each access needs a list of actions." },
        { """{"access_token":{"access":[{"type":"incoming-payment","actions":["list-all"]}]}}""", 400, "invalid_request",
            "The action \"list-all\" is not given here; the actions are create, read, read-all, list, complete." },
        { """{"access_token":{"access":[{"type":"incoming-payment","actions":["create"],"identifier":7}]}}""", 400, "invalid_request",
            "identifier must be a wallet address of this host." },
        { """{"access_token":{"access":[{"type":"incoming-payment","actions":["create"],"identifier":"https://elsewhere.example/x"}]}}""",
            400, "invalid_request", "https://elsewhere.example/x is not a wallet address of this host." },
        { """{"access_token":{"access":[{"type":"incoming-payment","actions":["create"]}]}}""", 400, "invalid_client",
            "client is missing: name your wallet address." },
        { """{"access_token":{"access":[{"type":"incoming-payment","actions":["create"]}]},"client":7}""", 400, "invalid_client",
            """client must be a wallet address, {"walletAddress": ...} or {"jwk": ...}.""" },
        { """{"access_token":{"access":[{"type":"incoming-payment","actions":["create"]}]},"client":"ftp://x"}""", 400, "invalid_client",
            "client must be the URL of a wallet address." },
        { """{"access_token":{"access":[{"type":"incoming-payment","actions":["create"]}]},"client":"https://wallet.example/a?b"}""", 400,
            "invalid_client", "client must be a wallet address without user, query or fragment." },
        { """{"access_token":{"access":[{"type":"incoming-payment","actions":["create"]}]},"client":{"jwk":{"kty":"RSA"}}}""", 400,
            "invalid_client", "client.jwk must be an Ed25519 public key with kty OKP, crv Ed25519, kid and x." },
        { """{"access_token":{"access":[{"type":"incoming-payment","actions":["create"]}]},"client":"http://127.0.0.1:1/nobody"}""", 400,
            "invalid_client", "The client has no key 'bare', or its jwks.json cannot be fetched." },
    };

    [Theory]
    [MemberData(nameof(Wishes))]
    public async Task A_grant_that_cannot_be_given_is_refused_with_the_reason(string body, int status, string code, string description)
    {
        var answer = await SendAsync(HttpMethod.Post, Auth, JsonNode.Parse(body));
        Assert.Equal((status, Error(code, description), "no-store", null),
            (answer.Status, answer.Text, Header(answer, "Cache-Control"), Header(answer, "WWW-Authenticate")));
    }

    public static TheoryData<string, Action<HttpRequestMessage>, string> Spoilers => new()
    {
        { "no input", request =>
            request.Headers.Remove("Signature-Input"),
            "The Signature-Input header is missing or cannot be read; sign with label sig1, keyid and created." },
        { "method only", request =>
            Replace(request, "Signature-Input", """sig1=("@method");keyid="bare";created=1"""),
            "The signature must cover @target-uri, content-digest." },
        { "no digest", request =>
            Replace(request, "Signature-Input", """sig1=("@method" "@target-uri");keyid="bare";created=1"""),
            "The signature must cover content-digest." },
        { "another body", request => request.Content = Other(request.Content!), "The Content-Digest does not fit the body." },
        { "no signature", request => request.Headers.Remove("Signature"), "The signature does not fit the request." },
        { "zeros", request =>
            Replace(request, "Signature", $"sig1=:{Convert.ToBase64String(new byte[64])}:"), "The signature does not fit the request." },
    };

    [Theory]
    [MemberData(nameof(Spoilers), DisableDiscoveryEnumeration = true)]
    public async Task A_spoiled_signature_is_401_with_the_reason(string what, Action<HttpRequestMessage> spoil, string description)
    {
        var wish = new JsonObject
        {
            ["access_token"] = new JsonObject { ["access"] = JsonNode.Parse("""[{"type":"incoming-payment","actions":["create"]}]""") },
            ["client"] = new JsonObject { ["jwk"] = _client.Jwk },
        };
        var grant = await SendAsync(HttpMethod.Post, Auth, wish, spoil: spoil);
        Assert.True((401, Error("invalid_client", description)) == (grant.Status, grant.Text), what + grant.Text);
    }

    [Fact]
    public async Task A_token_is_rotated_and_revoked_and_a_grant_is_cancelled()
    {
        var grant = (await _client.AskForGrantAsync(_app, true, "create")).Json!;
        var (token, manage) = (Text(grant["access_token"]!["value"]), Text(grant["access_token"]!["manage"]));
        var (end, uri) = (Text(grant["continue"]!["access_token"]!["value"]), Text(grant["continue"]!["uri"]));

        var rotated = await SendAsync(HttpMethod.Post, manage, token: token);
        Assert.Equal(200, rotated.Status);
        var (fresh, managed) = (Text(rotated.Json!["access_token"]!["value"]), Text(rotated.Json["access_token"]!["manage"]));
        Assert.NotEqual(manage, managed);
        Assert.Equal(
            $$$"""{"access_token":{"value":"{{{fresh}}}","manage":"{{{managed}}}","expires_in":600,"access":[{"type":"incoming-payment","actions":["create"],"identifier":"{{{Id}}}"}]}}""", rotated.Text);
        var old = await SendAsync(HttpMethod.Post, manage, token: token);
        Assert.Equal(
            (401, Error("invalid_token", "This token is unknown, was rotated or revoked, or expired too long ago; ask for a new grant.")),
            (old.Status, old.Text));

        var revoked = await SendAsync(HttpMethod.Delete, managed, token: fresh);
        Assert.Equal((204, ""), (revoked.Status, revoked.Text));
        var dead = await SendAsync(HttpMethod.Delete, managed, token: fresh);
        Assert.Equal(
            (401, Error("invalid_token", "This token is unknown, was rotated or revoked, or expired too long ago; ask for a new grant.")),
            (dead.Status, dead.Text));

        var going = await SendAsync(HttpMethod.Post, uri, new JsonObject(), end);
        Assert.Equal((401, Error("invalid_continuation", "This grant was given at once; there is nothing to continue.")),
            (going.Status, going.Text));
        var cancelled = await SendAsync(HttpMethod.Delete, uri, token: end);
        Assert.Equal((204, ""), (cancelled.Status, cancelled.Text));
        var gone = await SendAsync(HttpMethod.Delete, uri, token: end);
        Assert.Equal((401, Error("invalid_continuation", "This continuation token does not belong to this grant, or the grant is gone.")),
            (gone.Status, gone.Text));
    }

    public static TheoryData<string, string> Faults => new()
    {
        { "[]", "The body must be a JSON object." },
        { "{}", "walletAddress is missing." },
        { """{"walletAddress":"https://elsewhere.example/x"}""", "walletAddress must be {id}, whose resource server this is." },
        { """{"walletAddress":"{id}","expiresAt":"soon"}""", "expiresAt must be a date and time such as 2030-01-01T00:00:00Z." },
        { """{"walletAddress":"{id}","expiresAt":"2020-01-01T00:00:00Z"}""", "expiresAt is in the past." },
        { """{"walletAddress":"{id}","expiresAt":"2999-01-01T00:00:00Z"}""", "expiresAt is more than 30 days ahead." },
        { """{"walletAddress":"{id}","incomingAmount":{"value":"5","assetCode":"EUR","assetScale":9}}""",
            "incomingAmount must be a whole, positive number of units of USD at scale 9: value, assetCode, assetScale." },
        { """{"walletAddress":"{id}","incomingAmount":{"value":"0","assetCode":"USD","assetScale":9}}""",
            "incomingAmount must be a whole, positive number of units of USD at scale 9: value, assetCode, assetScale." },
        { """{"walletAddress":"{id}","metadata":"text"}""", "metadata must be a JSON object." },
        { """{"walletAddress":"{id}","externalRef":"x"}""", "There is no member 'externalRef' in an incoming payment." },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task An_incoming_payment_that_cannot_be_made_is_refused_with_the_reason(string body, string description)
    {
        var answer = await SendAsync(HttpMethod.Post, _client.PaymentsOf(_app),
            JsonNode.Parse(body.Replace("{id}", Id, StringComparison.Ordinal)), await _client.GrantAsync(_app, "create"));
        Assert.Equal((400, Error("invalid_request", description.Replace("{id}", Id, StringComparison.Ordinal))),
            (answer.Status, answer.Text));
    }

    [Fact]
    public async Task Without_a_grant_with_another_and_with_none_that_allows_it_nothing_is_made()
    {
        var none = await SendAsync(HttpMethod.Post, _client.PaymentsOf(_app), new JsonObject());
        Assert.Equal((401, Error("invalid_token", "Send the grant's token as 'Authorization: GNAP ...'."), $"GNAP as_uri={Auth}"),
            (none.Status, none.Text, Header(none, "WWW-Authenticate")));
        var wrong = await SendAsync(HttpMethod.Post, _client.PaymentsOf(_app), new JsonObject(), "AAAA");
        Assert.Equal(
            (401, Error("invalid_token", "The grant's token is unknown, expired or cancelled; rotate it or ask for a new grant."),
            $"GNAP as_uri={Auth}"),
            (wrong.Status, wrong.Text, Header(wrong, "WWW-Authenticate")));
        var readOnly = await SendAsync(HttpMethod.Post, _client.PaymentsOf(_app), new JsonObject { ["walletAddress"] = Id },
            await _client.GrantAsync(_app, "read"));
        Assert.Equal((403, Error("insufficient_grant", "The grant does not allow this on this wallet address."), $"GNAP as_uri={Auth}"),
            (readOnly.Status, readOnly.Text, Header(readOnly, "WWW-Authenticate")));
    }

    [Fact]
    public async Task An_incoming_payment_is_made_read_listed_and_completed()
    {
        var token = await _client.GrantAsync(_app, "create", "read", "list", "complete");
        var body = new JsonObject
        {
            ["walletAddress"] = Id,
            ["incomingAmount"] = JsonNode.Parse("""{"value":"700","assetCode":"USD","assetScale":9}"""),
            ["metadata"] = JsonNode.Parse("""{"source":"Web Monetization"}"""),
        };
        var made = await SendAsync(HttpMethod.Post, _client.PaymentsOf(_app), body, token);
        var url = Text(made.Json!["id"]);
        Assert.Matches($"^{Regex.Escape(_gateway.Host)}/op/{_app}/[A-Za-z0-9_-]+/incoming-payments/[0-9a-f-]{{36}}$", url);
        Assert.True(url.Length <= OpenPaymentsOptions.MaxStoredLength, url);
        var (since, until) = (Text(made.Json["createdAt"]), Text(made.Json["expiresAt"]));
        Assert.Matches(Moment(), since);
        Assert.Equal(TimeSpan.FromDays(30), DateTimeOffset.Parse(until, null) - DateTimeOffset.Parse(since, null));

        string Payment(string received, bool completed) =>
            $$$"""{"id":"{{{url}}}","walletAddress":"{{{Id}}}","completed":{{{(completed ? "true" : "false")}}},"receivedAmount":{"value":"{{{received}}}","assetCode":"USD","assetScale":9}"""
            + $$$""","createdAt":"{{{since}}}","expiresAt":"{{{until}}}","incomingAmount":{"value":"700","assetCode":"USD","assetScale":9},"metadata":{"source":"Web Monetization"}""";
        Assert.Equal((201, Payment("0", false) + Methods(made.Json)), (made.Status, made.Text));

        var inPublic = await SendAsync(HttpMethod.Get, url, signed: false);
        Assert.Equal((200, $$$"""{"receivedAmount":{"value":"0","assetCode":"USD","assetScale":9},"authServer":"{{{Auth}}}"}"""),
            (inPublic.Status, inPublic.Text));
        var full = await SendAsync(HttpMethod.Get, url, token: token);
        Assert.Equal((200, Payment("0", false) + Methods(full.Json!)), (full.Status, full.Text));
        using var connector = _gateway.Connector();
        Assert.IsType<IlpFulfill>(await PacketMaker.SendAsync(connector, new PacketMaker(MethodOf(made.Json)).Money(5)));
        var list = await SendAsync(HttpMethod.Get, $"{_client.PaymentsOf(_app)}?wallet-address={Uri.EscapeDataString(Id)}", token: token);
        var uuid = url[^36..];
        Assert.Equal((200,
            $$$"""{"pagination":{"hasNextPage":false,"hasPreviousPage":false,"startCursor":"{{{uuid}}}","endCursor":"{{{uuid}}}"},"result":[{{{Payment("5", false)}}}}]}"""), (list.Status, list.Text));
        var completed = await SendAsync(HttpMethod.Post, url + "/complete", token: token);
        Assert.Equal((200, Payment("5", true) + "}"), (completed.Status, completed.Text));
        var after = await SendAsync(HttpMethod.Get, url, token: token);
        Assert.Equal((200, Payment("5", true) + ""","methods":[]}"""), (after.Status, after.Text));
    }

    [Fact]
    public async Task One_that_expired_paid_has_no_methods_and_one_that_expired_unpaid_is_gone()
    {
        var token = await _client.GrantAsync(_app, "create", "read");
        async Task<JsonNode> CreateAsync() => (await SendAsync(HttpMethod.Post, _client.PaymentsOf(_app), new JsonObject
        {
            ["walletAddress"] = Id,
            ["expiresAt"] = _time.GetUtcNow().AddMinutes(5)
                .ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture),
        }, token)).Json!;
        var (paid, unpaid) = (await CreateAsync(), await CreateAsync());
        using var connector = _gateway.Connector();
        Assert.IsType<IlpFulfill>(await PacketMaker.SendAsync(connector, new PacketMaker(MethodOf(paid)).Money(5)));

        _time.Ahead = TimeSpan.FromMinutes(6);

        var read = await SendAsync(HttpMethod.Get, Text(paid["id"]), token: token);
        Assert.Equal((200, false, "[]"), (read.Status, (bool)read.Json!["completed"]!, read.Json["methods"]!.ToJsonString()));
        foreach (var with in new[] { null, token })
        {
            var gone = await SendAsync(HttpMethod.Get, Text(unpaid["id"]), token: with, signed: with is not null);
            Assert.Equal((404, Error("not_found", "There is no such incoming payment, or it expired unpaid.")), (gone.Status, gone.Text));
        }
    }

    [Theory]
    [InlineData("/op/{app}/AAAA/incoming-payments/" + Uuid, "There is no such incoming payment, or it expired unpaid.")]
    [InlineData("/op/{app}/AAAA/incoming-payments/not-a-uuid", "There is no such incoming payment, or it expired unpaid.")]
    [InlineData("/op/nobody/AAAA/incoming-payments/" + Uuid, "There is no such wallet address on this host.")]
    public async Task What_is_not_there_is_404_with_the_reason(string path, string description)
    {
        var answer = await SendAsync(HttpMethod.Get, _gateway.Host + path.Replace("{app}", _app, StringComparison.Ordinal), signed: false);
        Assert.Equal((404, Error("not_found", description)), (answer.Status, answer.Text));
    }

    [Theory]
    [InlineData("?first=0", "first and last are numbers from 1 to 100 (one of them), cursor the id of a payment; last needs a cursor.")]
    [InlineData("?last=5", "first and last are numbers from 1 to 100 (one of them), cursor the id of a payment; last needs a cursor.")]
    [InlineData("?cursor=" + Uuid,
        "first and last are numbers from 1 to 100 (one of them), cursor the id of a payment; last needs a cursor.")]
    [InlineData("?wallet-address=https%3A%2F%2Felsewhere.example%2Fx", "wallet-address must be {id}, whose resource server this is.")]
    public async Task A_list_that_cannot_be_given_is_refused_with_the_reason(string query, string description)
    {
        var answer = await SendAsync(HttpMethod.Get, _client.PaymentsOf(_app) + query, token: await _client.GrantAsync(_app, "list"));
        Assert.Equal((400, Error("invalid_request", description.Replace("{id}", Id, StringComparison.Ordinal))),
            (answer.Status, answer.Text));
    }

    [Fact]
    public async Task Packets_are_answered_with_packets_and_strangers_with_401()
    {
        var target = await _gateway.SetUpAsync(_app);
        (string Token, int Status, string? Type)[] callers =
            [(PayableGateway.ConnectorToken, 200, "application/octet-stream"), ("another-token-of-nobody", 401, null)];
        foreach (var (token, status, type) in callers)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, _gateway.Host + "/ilp");
            request.Content = new ByteArrayContent(new PacketMaker(target).Money(5).ToArray());
            request.Content.Headers.ContentType = new("application/octet-stream");
            request.Headers.Authorization = new("Bearer", token);
            using var answer = await _gateway.Http.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.Equal((status, type), ((int)answer.StatusCode, answer.Content.Headers.ContentType?.ToString()));
            var body = await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
            if (status == 200) Assert.True(IlpPacket.TryRead(body, out var reply, out _) && reply is IlpFulfill);
            else Assert.Equal(("Bearer", 0), (answer.Headers.WwwAuthenticate.ToString(), body.Length));
        }
        Assert.Equal(5UL, (await _gateway.BalanceAsync(_app)).Credited);
    }

    private async Task<Reply> SendAsync(HttpMethod method, string url, JsonNode? body = null, string? token = null, bool signed = true,
        Action<HttpRequestMessage>? spoil = null)
    {
        var (status, json, answer) = await _client.SendAsync(method, url, body, token, signed, spoil);
        return new Reply(status, await TextAsync(answer), json, answer);
    }

    // As the gateway writes it: an apostrophe is escaped.
    private static string Error(string code, string description) =>
        new JsonObject { ["error"] = new JsonObject { ["code"] = code, ["description"] = description } }.ToJsonString();

    private static string Methods(JsonNode payment)
    {
        var (address, secret) = (Text(payment["methods"]![0]!["ilpAddress"]), Text(payment["methods"]![0]!["sharedSecret"]));
        Assert.Matches(@"^test\.codius\.[A-Za-z0-9_~-]+$", address);
        Assert.Matches("^[A-Za-z0-9_-]{43}$", secret);
        return $$$""","methods":[{"type":"ilp","ilpAddress":"{{{address}}}","sharedSecret":"{{{secret}}}"}]}""";
    }

    private static SpspResponse MethodOf(JsonNode payment) =>
        RealClient.MethodOf(System.Text.Json.JsonSerializer.SerializeToElement(payment));

    private static string Text(JsonNode? node) => (string)node!;

    private static Task<string> TextAsync(HttpResponseMessage answer) =>
        answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

    private static string? Header(Reply reply, string name) =>
        reply.Answer.Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : null;

    private static void Replace(HttpRequestMessage request, string name, string value)
    {
        request.Headers.Remove(name);
        request.Headers.TryAddWithoutValidation(name, value);
    }

    private static ByteArrayContent Other(HttpContent content)
    {
        var other = new ByteArrayContent("{ }"u8.ToArray());
        foreach (var (name, values) in content.Headers)
            if (name != "Content-Length") other.Headers.TryAddWithoutValidation(name, values);
        return other;
    }

    private sealed record Reply(int Status, string Text, JsonNode? Json, HttpResponseMessage Answer);

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")]
    private static partial Regex Moment();
}
