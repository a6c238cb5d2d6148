using System.Net;
using System.Text.Json.Nodes;

namespace OpenPayments.Net.Tests.IncomingPayments;

public sealed class IncomingPaymentServerTests : IAsyncLifetime
{
    private const string Collection = "/op/hello/incoming-payments";
    private readonly ReceiverUnderTest _receiver = new();

    public ValueTask InitializeAsync() => _receiver.InitializeAsync();

    public ValueTask DisposeAsync() => _receiver.DisposeAsync();

    [Fact]
    public async Task An_incoming_payment_comes_with_the_means_to_pay_it()
    {
        var token = await _receiver.Wallet.GrantAsync("create");

        var (status, json, _) = await _receiver.Wallet.SendAsync(HttpMethod.Post, Collection, Body("""
            {"expiresAt":"2026-11-23T12:10:00Z","metadata":{"source":"Web Monetization"},
            "incomingAmount":{"value":"5","assetCode":"USD","assetScale":9}}
            """), token);

        Assert.Equal(201, status);
        Assert.Matches("^https://codius.test/op/hello/[A-Za-z0-9_-]+/incoming-payments/[0-9a-f-]{36}$", (string)json!["id"]!);
        Assert.Equal(ReceiverUnderTest.Hello, (string)json["walletAddress"]!);
        Assert.False((bool)json["completed"]!);
        Assert.Equal("""{"value":"0","assetCode":"USD","assetScale":9}""", json["receivedAmount"]!.ToJsonString());
        Assert.Equal("""{"value":"5","assetCode":"USD","assetScale":9}""", json["incomingAmount"]!.ToJsonString());
        Assert.Equal("2026-11-23T12:10:00.000Z", (string)json["expiresAt"]!);
        Assert.Equal("""{"source":"Web Monetization"}""", json["metadata"]!.ToJsonString());
        var secret = (string)json["methods"]![0]!["sharedSecret"]!;
        Assert.Equal(("ilp", "test.codius.abc", 43),
            ((string)json["methods"]![0]!["type"]!, (string)json["methods"]![0]!["ilpAddress"]!, secret.Length));
    }

    [Theory]
    [InlineData("""{"walletAddress":"https://elsewhere.example/x"}""")]
    [InlineData("""{"expiresAt":"2026-11-23T11:59:59Z"}""")]
    [InlineData("""{"expiresAt":"2027-11-23T12:00:00Z"}""")]
    [InlineData("""{"expiresAt":"soon"}""")]
    [InlineData("""{"incomingAmount":{"value":"-5","assetCode":"USD","assetScale":9}}""")]
    [InlineData("""{"incomingAmount":{"value":"0","assetCode":"USD","assetScale":9}}""")]
    [InlineData("""{"incomingAmount":{"value":"9223372036854775808","assetCode":"USD","assetScale":9}}""")]
    [InlineData("""{"incomingAmount":{"value":"5","assetCode":"EUR","assetScale":9}}""")]
    [InlineData("""{"incomingAmount":{"value":"5","assetCode":"USD","assetScale":2}}""")]
    [InlineData("""{"incomingAmount":{"value":5,"assetCode":"USD","assetScale":9}}""")]
    [InlineData("""{"metadata":"text"}""")]
    [InlineData("""{"externalRef":"old"}""")]
    public async Task A_body_with_a_fault_makes_nothing(string members)
    {
        var token = await _receiver.Wallet.GrantAsync("create", "list");

        var (status, json, _) = await _receiver.Wallet.SendAsync(HttpMethod.Post, Collection, Body(members), token);
        var (_, list, _) = await _receiver.Wallet.SendAsync(HttpMethod.Get, Collection, token: token);

        Assert.Equal((400, "invalid_request"), (status, (string)json!["error"]!["code"]!));
        Assert.Empty(list!["result"]!.AsArray());
        Assert.Empty(_receiver.Payments.Wanted);
    }

    // The URL is all there is of the payment: what its reader gets is what stands in it.
    [Theory]
    [InlineData("2026-11-23T12:05:00.1239Z", "2026-11-23T12:05:00.123Z")]
    [InlineData("2026-11-23T12:20:00Z", "2026-11-23T12:10:00.000Z")]
    [InlineData("2026-11-23T11:00:00Z", "2026-11-23T12:00:00.000Z")]
    public async Task The_program_may_have_a_payment_end_earlier_and_never_later(string latest, string answered)
    {
        _receiver.Payments.LatestEnd = DateTimeOffset.Parse(latest, System.Globalization.CultureInfo.InvariantCulture);
        var token = await _receiver.Wallet.GrantAsync("create", "read");

        var (_, made, _) = await _receiver.Wallet.SendAsync(
            HttpMethod.Post, Collection, Body("""{"expiresAt":"2026-11-23T12:10:00Z"}"""), token);
        Assert.True(_receiver.Payments.LatestEnd <= _receiver.Time.GetUtcNow()
            || _receiver.Payments.Pay((string)made!["id"]!, _receiver.Urls, 1));
        var (status, read, _) = await _receiver.Wallet.SendAsync(
            HttpMethod.Get, new Uri((string)made!["id"]!).AbsolutePath, token: token);

        Assert.Equal(answered, (string)made["expiresAt"]!);
        if (status == 200) Assert.Equal((answered, (string)made["id"]!), ((string)read!["expiresAt"]!, (string)read["id"]!));
        else Assert.Equal((404, 0), (status, made["methods"]!.AsArray().Count));
    }

    [Fact]
    public async Task A_program_that_cannot_make_a_payment_now_says_try_again_and_the_client_has_none()
    {
        var token = await _receiver.Wallet.GrantAsync("create");
        _receiver.Payments.Down = true;

        var (status, json, headers) = await _receiver.Wallet.SendAsync(HttpMethod.Post, Collection, Body("{}"), token);

        Assert.Equal((503, "unavailable", "5"), (status, (string)json!["error"]!["code"]!, headers.RetryAfter!.ToString()));
        Assert.Null(json["id"]);
    }

    [Fact]
    public async Task A_client_that_leaves_does_not_abort_what_is_made_for_it()
    {
        var (begun, canBeCancelled) = (new TaskCompletionSource(), true);
        _receiver.Payments.OnCreate = cancellation =>
        {
            canBeCancelled = cancellation.CanBeCanceled;
            begun.SetResult();
            return Task.CompletedTask;
        };

        await CreateAsync();

        await begun.Task;
        Assert.False(canBeCancelled);
    }

    [Fact]
    public async Task What_cannot_be_paid_any_more_has_no_methods()
    {
        var path = await CreateAsync();
        _receiver.Payments.IsFull = true;

        var read = await _receiver.Wallet.SendAsync(HttpMethod.Get, path, token: await _receiver.Wallet.GrantAsync("read"));

        Assert.Equal((200, 0), (read.Status, read.Json!["methods"]!.AsArray().Count));
    }

    [Fact]
    public async Task The_list_has_the_URL_that_the_client_got_whether_it_is_a_wallet_or_a_key()
    {
        foreach (var client in (TestClient[])[_receiver.Wallet, _receiver.Bare])
        {
            var token = await client.GrantAsync("create", "list");
            var url = (string)(await client.SendAsync(HttpMethod.Post, Collection, Body("{}"), token)).Json!["id"]!;
            Assert.True(_receiver.Payments.Pay(url, _receiver.Urls, 1));

            var list = await client.SendAsync(HttpMethod.Get, Collection, token: token);

            Assert.Equal(url, (string)Assert.Single(list.Json!["result"]!.AsArray())!["id"]!);
            var parts = new Uri(url).AbsolutePath.Split('/');
            Assert.Equal(client == _receiver.Wallet,
                _receiver.Urls.TryOpenOfWalletAddress(parts[2], parts[3], Guid.Parse(parts[5]), out _));
        }
    }

    [Fact]
    public async Task Anyone_reads_how_much_arrived_and_nothing_else()
    {
        var path = await CreateAsync();

        using var response = await _receiver.Http.GetAsync(path, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("""{"receivedAmount":{"value":"0","assetCode":"USD","assetScale":9},"authServer":"https://codius.test/auth"}""",
            await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Read_is_for_the_client_that_made_it_and_read_all_for_any()
    {
        var path = await CreateAsync();

        var own = await _receiver.Wallet.SendAsync(HttpMethod.Get, path, token: await _receiver.Wallet.GrantAsync("read"));
        var strange = await _receiver.Bare.SendAsync(HttpMethod.Get, path, token: await _receiver.Bare.GrantAsync("read"));
        var all = await _receiver.Bare.SendAsync(HttpMethod.Get, path, token: await _receiver.Bare.GrantAsync("read-all"));

        Assert.Equal((200, 403, 200), (own.Status, strange.Status, all.Status));
        Assert.Single(all.Json!["methods"]!.AsArray());
    }

    [Theory]
    [InlineData("create", "read,read-all,list,complete")]
    [InlineData("read", "create,list,complete")]
    [InlineData("complete", "create,read,read-all,list")]
    [InlineData("list", "create,read,read-all,complete")]
    public async Task Each_action_needs_a_grant_for_it(string action, string granted)
    {
        var path = await CreateAsync();
        var token = await _receiver.Wallet.GrantAsync(granted.Split(','));

        var (status, json, _) = action switch
        {
            "create" => await _receiver.Wallet.SendAsync(HttpMethod.Post, Collection, Body("{}"), token),
            "read" => await _receiver.Wallet.SendAsync(HttpMethod.Get, path, token: token),
            "complete" => await _receiver.Wallet.SendAsync(HttpMethod.Post, path + "/complete", token: token),
            _ => await _receiver.Wallet.SendAsync(HttpMethod.Get, Collection, token: token),
        };

        Assert.Equal((403, "insufficient_grant"), (status, (string)json!["error"]!["code"]!));
    }

    [Fact]
    public async Task A_grant_for_one_wallet_address_is_none_for_another_and_one_for_none_is_for_all()
    {
        var other = Body($$"""{"walletAddress":"{{ReceiverUnderTest.Hello.Replace("hello", "other", StringComparison.Ordinal)}}"}""");
        var (_, any, _) = await _receiver.Wallet.AskForGrantAsync(["create"], identifier: null);

        var named = await _receiver.Wallet.SendAsync(
            HttpMethod.Post, "/op/other/incoming-payments", other, await _receiver.Wallet.GrantAsync("create"));
        var unnamed = await _receiver.Wallet.SendAsync(
            HttpMethod.Post, "/op/other/incoming-payments", other.DeepClone(), (string)any!["access_token"]!["value"]!);

        Assert.Equal((403, 201), (named.Status, unnamed.Status));
    }

    [Fact]
    public async Task Only_the_client_that_made_a_payment_completes_it()
    {
        var path = await CreateAsync();

        var strange = await _receiver.Bare.SendAsync(
            HttpMethod.Post, path + "/complete", token: await _receiver.Bare.GrantAsync("complete", "read-all"));
        var read = await _receiver.Wallet.SendAsync(HttpMethod.Get, path, token: await _receiver.Wallet.GrantAsync("read"));

        Assert.Equal((403, false), (strange.Status, (bool)read.Json!["completed"]!));
    }

    [Fact]
    public async Task A_completed_payment_cannot_be_paid_and_a_repeat_changes_nothing()
    {
        var path = await CreateAsync();
        var token = await _receiver.Wallet.GrantAsync("complete", "read");

        var first = await _receiver.Wallet.SendAsync(HttpMethod.Post, path + "/complete", token: token);
        var second = await _receiver.Wallet.SendAsync(HttpMethod.Post, path + "/complete", token: token);
        var read = await _receiver.Wallet.SendAsync(HttpMethod.Get, path, token: token);

        Assert.Equal((200, 200), (first.Status, second.Status));
        Assert.True((bool)first.Json!["completed"]!);
        Assert.Null(first.Json["methods"]);
        Assert.Empty(read.Json!["methods"]!.AsArray());
    }

    [Fact]
    public async Task An_expired_payment_cannot_be_paid_and_is_gone_if_it_never_was()
    {
        var (paid, unpaid) = (
            await CreateAsync("""{"expiresAt":"2026-11-23T12:00:30Z"}"""), await CreateAsync("""{"expiresAt":"2026-11-23T12:00:30Z"}"""));
        Assert.True(_receiver.Payments.Pay("https://codius.test" + paid, _receiver.Urls, 5));
        _receiver.Time.Advance(TimeSpan.FromSeconds(31));
        var token = await _receiver.Wallet.GrantAsync("read", "complete");

        var read = await _receiver.Wallet.SendAsync(HttpMethod.Get, paid, token: token);
        var gone = await _receiver.Wallet.SendAsync(HttpMethod.Get, unpaid, token: token);
        var completed = await _receiver.Wallet.SendAsync(HttpMethod.Post, unpaid + "/complete", token: token);

        Assert.Empty(read.Json!["methods"]!.AsArray());
        Assert.Equal((404, 404), (gone.Status, completed.Status));
    }

    [Theory]
    [InlineData("hello", "other")]
    [InlineData("/incoming-payments/", "AAAA/incoming-payments/")]
    [InlineData("/incoming-payments/", "=/incoming-payments/")]
    public async Task A_URL_that_this_host_did_not_make_is_none(string part, string instead)
    {
        var path = await CreateAsync();

        using var answer = await _receiver.Http.GetAsync(
            path.Replace(part, instead, StringComparison.Ordinal), TestContext.Current.CancellationToken);
        using var anotherId = await _receiver.Http.GetAsync(
            path[..^36] + Guid.NewGuid().ToString("D"), TestContext.Current.CancellationToken);

        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (answer.StatusCode, anotherId.StatusCode));
    }

    [Fact]
    public async Task Metadata_as_long_as_there_is_room_survives_and_one_byte_more_is_refused_with_the_number()
    {
        var token = await _receiver.Wallet.GrantAsync("create", "read");
        var (_, first, _) = await _receiver.Wallet.SendAsync(
            HttpMethod.Post, Collection, Body($$$"""{"metadata":{"a":"{{{new string('x', 200)}}}"}}"""), token);
        var description = (string)first!["error"]!["description"]!;
        Assert.Matches("^metadata is larger than [0-9]+ bytes, written without white space: more does not fit", description);
        var room = int.Parse(description.Split(' ')[4], System.Globalization.CultureInfo.InvariantCulture);
        string Metadata(int bytes) => $$"""{"a":"{{new string('x', bytes - 8)}}"}""";

        var (fits, payment, _) = await _receiver.Wallet.SendAsync(
            HttpMethod.Post, Collection, Body($$$"""{"metadata":{{{Metadata(room)}}}}"""), token);
        var (refused, _, _) = await _receiver.Wallet.SendAsync(
            HttpMethod.Post, Collection, Body($$$"""{"metadata":{{{Metadata(room + 1)}}}}"""), token);

        Assert.Equal((201, 400), (fits, refused));
        var read = await _receiver.Wallet.SendAsync(HttpMethod.Get, new Uri((string)payment!["id"]!).AbsolutePath, token: token);
        Assert.Equal((Metadata(room), (string)payment["id"]!), (read.Json!["metadata"]!.ToJsonString(), (string)read.Json["id"]!));
    }

    [Fact]
    public async Task A_payment_completed_unpaid_stays_completed()
    {
        var path = await CreateAsync();
        var token = await _receiver.Wallet.GrantAsync("complete", "read");

        await _receiver.Wallet.SendAsync(HttpMethod.Post, path + "/complete", token: token);

        Assert.False(_receiver.Payments.Pay("https://codius.test" + path, _receiver.Urls, 5));
    }

    [Theory]
    [InlineData("/op/hello/AAAA/incoming-payments/7b0a1c5e-0000-4000-8000-000000000000")]
    [InlineData("/op/hello/AAAA/incoming-payments/not-a-uuid")]
    [InlineData("/op/hello/incoming-payments/7b0a1c5e-0000-4000-8000-000000000000")]
    [InlineData("/op/nobody/AAAA/incoming-payments/7b0a1c5e-0000-4000-8000-000000000000")]
    public async Task What_is_not_there_is_404(string path) =>
        Assert.Equal(HttpStatusCode.NotFound, (await _receiver.Http.GetAsync(path, TestContext.Current.CancellationToken)).StatusCode);

    [Fact]
    public async Task The_list_is_paged_and_shows_only_the_clients_own()
    {
        var token = await _receiver.Wallet.GrantAsync("create", "list");
        for (var i = 0; i < 3; i++)
        {
            _receiver.Time.Advance(TimeSpan.FromSeconds(1));
            var (_, made, _) = await _receiver.Wallet.SendAsync(HttpMethod.Post, Collection, Body("{}"), token);
            Assert.True(_receiver.Payments.Pay((string)made!["id"]!, _receiver.Urls, 1));
        }
        await CreateAsync(); // unpaid: not in the list
        var bare = await _receiver.Bare.GrantAsync("create", "list");
        await _receiver.Bare.SendAsync(HttpMethod.Post, Collection, Body("{}"), bare);

        var first = await _receiver.Wallet.SendAsync(
            HttpMethod.Get, Collection + "?wallet-address=" + Uri.EscapeDataString(ReceiverUnderTest.Hello) + "&first=2", token: token);
        var cursor = (string)first.Json!["pagination"]!["endCursor"]!;
        var second = await _receiver.Wallet.SendAsync(HttpMethod.Get, $"{Collection}?first=2&cursor={cursor}", token: token);
        var wrong = await _receiver.Wallet.SendAsync(HttpMethod.Get, Collection + "?last=1", token: token);

        Assert.Equal((2, 1), (first.Json["result"]!.AsArray().Count, second.Json!["result"]!.AsArray().Count));
        Assert.True((bool)first.Json["pagination"]!["hasNextPage"]!);
        Assert.False((bool)second.Json["pagination"]!["hasNextPage"]!);
        Assert.Equal(400, wrong.Status);
    }

    // Of five payments: which a query gives, and whether there are more after and before them.
    [Theory]
    [InlineData("", "01234", false, false)]
    [InlineData("?first=5", "01234", false, false)]
    [InlineData("?first=1", "0", true, false)]
    [InlineData("?first=2&cursor={0}", "12", true, true)]
    [InlineData("?first=2&cursor={2}", "34", false, true)]
    [InlineData("?cursor={4}", "", false, true)]
    [InlineData("?last=2&cursor={3}", "12", true, true)]
    [InlineData("?last=9&cursor={2}", "01", true, false)]
    [InlineData("?last=1&cursor={0}", "", true, false)]
    public async Task A_list_goes_forward_and_back_from_a_cursor(string query, string shown, bool next, bool previous)
    {
        var token = await _receiver.Wallet.GrantAsync("create", "list");
        var ids = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            _receiver.Time.Advance(TimeSpan.FromSeconds(1));
            var url = (string)(await _receiver.Wallet.SendAsync(HttpMethod.Post, Collection, Body("{}"), token)).Json!["id"]!;
            Assert.True(_receiver.Payments.Pay(url, _receiver.Urls, 1));
            ids.Add(url[^36..]);
        }
        for (var i = 0; i < 5; i++) query = query.Replace($"{{{i}}}", ids[i], StringComparison.Ordinal);

        var (status, json, _) = await _receiver.Wallet.SendAsync(HttpMethod.Get, Collection + query, token: token);

        Assert.Equal(200, status);
        Assert.Equal(shown, string.Concat(json!["result"]!.AsArray().Select(payment => ids.IndexOf(((string)payment!["id"]!)[^36..]))));
        var pagination = new JsonObject { ["hasNextPage"] = next, ["hasPreviousPage"] = previous };
        if (shown.Length > 0) (pagination["startCursor"], pagination["endCursor"]) = (ids[shown[0] - '0'], ids[shown[^1] - '0']);
        Assert.Equal(pagination.ToJsonString(), json["pagination"]!.ToJsonString());
    }

    [Theory]
    [InlineData("?first=0")]
    [InlineData("?first=101")]
    [InlineData("?first=x")]
    [InlineData("?last=2")]
    [InlineData("?first=1&last=1&cursor=7b0a1c5e-0000-4000-8000-000000000000")]
    [InlineData("?cursor=7b0a1c5e-0000-4000-8000-000000000000")]
    [InlineData("?cursor=x")]
    public async Task A_page_that_is_none_is_refused(string query) =>
        Assert.Equal(400, (
            await _receiver.Wallet.SendAsync(HttpMethod.Get, Collection + query, token: await _receiver.Wallet.GrantAsync("list"))).Status);

    [Fact]
    public async Task A_store_that_is_down_says_try_again()
    {
        var path = await CreateAsync();
        var token = await _receiver.Wallet.GrantAsync("read");
        _receiver.Payments.Down = true;
        var down = await _receiver.Wallet.SendAsync(HttpMethod.Get, path, token: token);

        Assert.Equal(
            (503, """{"error":{"code":"unavailable","description":"This cannot be read or written just now; try again shortly."}}"""),
            (down.Status, down.Json!.ToJsonString()));
        Assert.Equal("5", down.Headers.RetryAfter!.ToString());
    }

    [Fact]
    public async Task A_body_over_64_KiB_is_refused()
    {
        var token = await _receiver.Wallet.GrantAsync("create");

        var (status, _, _) = await _receiver.Wallet.SendAsync(
            HttpMethod.Post, Collection, new JsonObject { ["x"] = new string('x', 70_000) }, token);

        Assert.Equal(413, status);
    }

    [Fact]
    public async Task Browsers_may_ask_from_any_origin()
    {
        using var preflight = new HttpRequestMessage(HttpMethod.Options, Collection);
        using var response = await _receiver.Http.SendAsync(preflight, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Equal("*", response.Headers.GetValues("Access-Control-Allow-Origin").Single());
    }

    private static JsonObject Body(string members)
    {
        var body = JsonNode.Parse(members)!.AsObject();
        body.TryAdd("walletAddress", ReceiverUnderTest.Hello);
        return body;
    }

    private async Task<string> CreateAsync(string members = "{}")
    {
        var (status, json, _) = await _receiver.Wallet.SendAsync(
            HttpMethod.Post, Collection, Body(members), await _receiver.Wallet.GrantAsync("create"));
        Assert.Equal(201, status);
        return new Uri((string)json!["id"]!).AbsolutePath;
    }
}
