using System.Net;
using Codius.Testing;
using Codius.Testing.Stores;
using Codius.Web.Admin.Access;
using Codius.Web.Apps;
using Codius.Web.Apps.Starts;
using Codius.Web.Apps.Steering;
using Codius.Web.Balances;
using Codius.Web.Balances.Storage;
using Codius.Web.Tests.Payments;
using Interledger.Net.Packets;
using Microsoft.Extensions.DependencyInjection;

namespace Codius.Web.Tests.Admin.Api.Steering;

/// <summary>Waking, putting to sleep, blocking and pricing one app by the owner's API.</summary>
public sealed class SteeringEndpointsTests : IAsyncLifetime
{
    private static readonly object Why = new { reason = "a test" };

    private PayableGateway _gateway = null!;
    private OwnersClient _owner = null!;
    private string _app = "";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _gateway = await PayableGateway.StartAsync(settings: ["Prices:PerRequest=0.00001", "Prices:PerRunningHour=0.0006"]);
        _owner = OwnersClient.Of(_gateway);
        _app = _gateway.NewApp();
    }

    public async ValueTask DisposeAsync()
    {
        _owner.Dispose();
        await _gateway.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_blocked_app_is_refused_to_visitors_and_payers_until_it_is_unblocked()
    {
        var blocked = await _owner.PostAsync($"/apps/{_app}:block", new { reason = "phishing", words = "It was <b>phishing</b>." });
        Assert.Equal(200, blocked.Status);

        foreach (var path in new[] { "", ".well-known/pay" })
        {
            using var refused = await _gateway.GetAsync(_gateway.UrlOf(_app) + path);
            Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
            Assert.Contains("It was <b>phishing</b>.", await refused.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
        }
        var set = await _owner.GetAsync($"/apps/{_app}/steering");
        Assert.Equal("It was <b>phishing</b>.", set.Json.GetProperty("blocked").GetString());
        var listed = (await _owner.GetAsync("/apps?state=blocked")).Json.GetProperty("items");
        Assert.Equal(_app, Assert.Single(listed.EnumerateArray()).GetProperty("name").GetString());

        Assert.Equal(200, (await _owner.PostAsync($"/apps/{_app}:unblock", Why)).Status);
        using var visit = await _gateway.GetAsync(_gateway.UrlOf(_app));
        Assert.Equal(HttpStatusCode.PaymentRequired, visit.StatusCode);
        Assert.Equal(
            [
                ("app.unblock", _app, "done", "a test", null), ("app.block", _app, "done", "phishing", "It was <b>phishing</b>."),
            ],
            await AuditAsync());
    }

    [Fact]
    public async Task Of_two_admins_who_block_and_unblock_what_they_read_the_second_learns_that_it_changed()
    {
        Assert.Equal(200, (await _owner.PostAsync($"/apps/{_app}:block", Why)).Status);
        var read = (await _owner.GetAsync($"/apps/{_app}/steering")).ETag!;

        Assert.Equal(200, (await _owner.PostAsync($"/apps/{_app}:unblock", Why, null, ("If-Match", read))).Status);
        var late = await _owner.PostAsync($"/apps/{_app}:block", Why, null, ("If-Match", read));
        Assert.Equal((412, "changed-meanwhile"), (late.Status, late.Problem));
        Assert.Equal(428, (await _owner.PostAsync($"/apps/{_app}:block", Why, null, ("If-Match", "old"))).Status);
        Assert.Equal(200, (await _owner.PostAsync($"/apps/{_app}:block", Why, null, ("If-Match", "*"))).Status);
        Assert.Equal(200, (await _owner.PostAsync($"/apps/{_app}:unblock", Why)).Status);
    }

    [Fact]
    public async Task No_new_payment_to_a_blocked_app_is_made_and_what_is_on_its_way_is_credited()
    {
        var payer = new PacketMaker(await _gateway.SetUpAsync(_app));
        Assert.Equal(200, (await _owner.PostAsync($"/apps/{_app}:block", Why)).Status);

        var (status, text) = await _gateway.PostAsync($"/op/{_app}/incoming-payments", "{}");
        Assert.Equal(403, status);
        Assert.Contains("urn:codius:problem:app-blocked", text, StringComparison.Ordinal);
        using var connector = _gateway.Connector();
        Assert.IsType<IlpFulfill>(await PacketMaker.SendAsync(connector, payer.Money(700)));
        Assert.Equal(700UL, (await BalanceAsync()).Available);
    }

    [Theory]
    [InlineData("two\r\nSet-Cookie: lines")]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("turned \u202Eround")]
    [InlineData("{long}")]
    public async Task Words_that_are_no_line_of_text_are_refused(string words)
    {
        var given = words.Replace("{long}", new string('a', 301), StringComparison.Ordinal);

        var answer = await _owner.PostAsync($"/apps/{_app}:block", new { reason = "a test", words = given });

        Assert.Equal((400, "bad-request"), (answer.Status, answer.Problem));
        Assert.Equal("words", answer.Json.GetProperty("parameter").GetString());
        using var visit = await _gateway.GetAsync(_gateway.UrlOf(_app));
        Assert.Equal(HttpStatusCode.PaymentRequired, visit.StatusCode);
    }

    [Theory]
    [InlineData(":wake")]
    [InlineData(":sleep")]
    [InlineData(":block")]
    [InlineData(":unblock")]
    public async Task An_app_that_is_not_there_is_not_found_and_what_has_no_reason_is_not_done(string action)
    {
        Assert.Equal((404, "no-such-app"), Of(await _owner.PostAsync("/apps/nothing-here" + action, Why)));
        Assert.Equal(404, (await _owner.PostAsync("/apps/..%2F..%2Fadmin" + action, Why)).Status);
        Assert.Equal((400, "bad-request"), Of(await _owner.PostAsync($"/apps/{_app}{action}", new { reason = "a\nb" })));
        Assert.Equal(400, (await _owner.PostAsync($"/apps/{_app}{action}", new { })).Status);
        Assert.Equal(0, _gateway.Apps.WakesOf(_app));
    }

    [Fact]
    public async Task A_wake_costs_a_minute_and_says_if_the_money_is_short()
    {
        var short1 = await _owner.PostAsync($"/apps/{_app}:wake", Why);
        Assert.Equal((409, "funds-short"), Of(short1));
        Assert.Equal(("0", "20000"), (short1.Json.GetProperty("balance").GetString(), short1.Json.GetProperty("needed").GetString()));
        // A minute, but not a request besides.
        await PayAsync(19_999);
        Assert.Equal((409, "funds-short"), Of(await _owner.PostAsync($"/apps/{_app}:wake", Why)));
        Assert.Equal((19_999UL, 0), ((await BalanceAsync()).Available, _gateway.Apps.WakesOf(_app)));

        await PayAsync(1);
        Assert.Equal(200, (await _owner.PostAsync($"/apps/{_app}:wake", Why)).Status);

        Assert.Equal((10_000UL, 1), ((await BalanceAsync()).Available, _gateway.Apps.WakesOf(_app)));
        Assert.Equal(200, (await _owner.PostAsync($"/apps/{_app}:wake", Why)).Status);
        Assert.Equal((10_000UL, 1), ((await BalanceAsync()).Available, _gateway.Apps.WakesOf(_app)));
    }

    [Fact]
    public async Task A_wake_that_is_refused_costs_nothing()
    {
        await PayAsync(1_000_000);
        _gateway.Apps.OnWake = _ => new AppState.Failed("It has no legs.") { Refused = true, Cause = FailureCause.Image };

        var refused = await _owner.PostAsync($"/apps/{_app}:wake", Why);

        Assert.Equal((409, "start-refused"), Of(refused));
        Assert.StartsWith("It has no legs.", refused.Json.GetProperty("detail").GetString(), StringComparison.Ordinal);
        await Eventually.TrueAsync("it was given back", async () => (await BalanceAsync()).Available == 1_000_000 ? true : (bool?)null);

        await _owner.PostAsync($"/apps/{_app}:block", Why);
        Assert.Equal((409, "app-blocked"), Of(await _owner.PostAsync($"/apps/{_app}:wake", Why)));
        Assert.Equal(1_000_000UL, (await BalanceAsync()).Available);
    }

    [Fact]
    public async Task An_awake_app_is_put_to_sleep_on_request_with_its_money()
    {
        await PayAsync(1_000_000);
        _gateway.Apps.Set(_app, new AppState.Awake(new Uri("http://127.0.0.1:1")));

        Assert.Equal(200, (await _owner.PostAsync($"/apps/{_app}:sleep", Why)).Status);

        await Eventually.TrueAsync("it sleeps", () => _gateway.Apps.StatusOf(_app) is null);
    }

    [Fact]
    public async Task A_price_and_a_cap_are_set_by_whoever_has_read_what_they_are()
    {
        var first = await _owner.GetAsync($"/apps/{_app}/steering");
        Assert.Equal((200, "\"0\""), (first.Status, first.ETag));

        var both = new { reason = "a test", pricePerRequest = "77000", maxSpendPerHour = "500000" };
        Assert.Equal(200, (await SetAsync(first.ETag, both)).Status);
        Assert.Equal((412, "changed-meanwhile"), Of(await SetAsync(first.ETag, new { reason = "a test", pricePerRequest = "1" })));
        Assert.Equal((428, "version-needed"), Of(await SetAsync(null, new { reason = "a test", pricePerRequest = "1" })));
        Assert.Equal((428, "version-needed"), Of(await SetAsync("W/\"x\"", new { reason = "a test", pricePerRequest = "1" })));

        using (var visit = await _gateway.GetAsync(_gateway.UrlOf(_app)))
            Assert.Contains("\"price\":\"77000\"", await visit.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
        // What is left out stays; null takes it back.
        var second = await _owner.GetAsync($"/apps/{_app}/steering");
        Assert.Equal(200, (await SetAsync(second.ETag, """{"reason":"a test","pricePerRequest":null}""")).Status);
        var third = await _owner.GetAsync($"/apps/{_app}/steering");
        Assert.Equal("500000", third.Json.GetProperty("maxSpendPerHour").GetString());
        Assert.NotEqual(second.ETag, third.ETag);
        Assert.False(third.Json.TryGetProperty("pricePerRequest", out var price) && price.ValueKind != System.Text.Json.JsonValueKind.Null);
        Assert.Equal("no price of its own", (await AuditAsync())[0].Detail);
        Assert.Equal(200, (await SetAsync("*", new { reason = "a test", maxSpendPerHour = "0" })).Status);
    }

    [Theory]
    [InlineData(":unblock")]
    [InlineData(":block")]
    public async Task A_block_that_stands_for_what_cannot_be_read_goes_by_the_owners_word_alone(string decision)
    {
        var database = _gateway.Services.GetRequiredService<RedisStore>().Connection.GetDatabase();
        await database.HashSetAsync(SteeringScripts.Entries, _app, "7 0 {\"pricePer");
        // Seen with the next change of any app.
        await _owner.PostAsync($"/apps/{_gateway.NewApp()}:block", Why);
        var price = new { reason = "a test", pricePerRequest = "77000" };

        Assert.Equal((409, "settings-unreadable"), Of(await SetAsync("*", price)));
        using (var visit = await _gateway.GetAsync(_gateway.UrlOf(_app))) Assert.Equal(HttpStatusCode.Forbidden, visit.StatusCode);

        Assert.Equal(200, (await _owner.PostAsync($"/apps/{_app}{decision}", Why)).Status);
        Assert.Equal(200, (await SetAsync("*", price)).Status);
        var set = (await _owner.GetAsync($"/apps/{_app}/steering")).Json;
        Assert.Equal("77000", set.GetProperty("pricePerRequest").GetString());
        Assert.Equal(decision == ":block" ? SteeringRules.UsualWords : null,
            set.TryGetProperty("blocked", out var words) ? words.GetString() : null);
    }

    [Theory]
    [InlineData("pricePerRequest", "0.5")]
    [InlineData("pricePerRequest", "-1")]
    [InlineData("pricePerRequest", "9223372036854775807")]
    [InlineData("pricePerRequest", "18446744073709551616")]
    [InlineData("maxSpendPerHour", "9223372036854775808")]
    [InlineData("maxSpendPerHour", " 1")]
    public async Task An_amount_that_is_none_or_too_much_is_refused(string part, string amount)
    {
        var answer = await SetAsync("*", $$"""{"reason":"a test","{{part}}":"{{amount}}"}""");

        Assert.Equal((400, "bad-request"), Of(answer));
        Assert.Equal(part, answer.Json.GetProperty("parameter").GetString());
        Assert.Equal("\"0\"", (await _owner.GetAsync($"/apps/{_app}/steering")).ETag);
    }

    [Fact]
    public async Task How_its_starts_ended_is_listed_the_newest_first()
    {
        // Without money it is put to sleep once it is awake, perhaps before that is seen.
        await PayAsync(1_000_000);
        _gateway.Apps.Set(_app, AppState.Waking);
        _gateway.Apps.Set(_app, new AppState.Failed("It has no legs.") { Cause = FailureCause.Image });
        _gateway.Apps.Set(_app, AppState.Waking);
        _gateway.Apps.Set(_app, new AppState.Awake(new Uri("http://127.0.0.1:1")));
        var starts = _gateway.Services.GetRequiredService<StartRecords>();
        await Eventually.TrueAsync("both are recorded", async () => (await starts.ReadAsync(_app)).Count == 2 ? true : (bool?)null);

        var all = (await _owner.GetAsync($"/apps/{_app}/starts")).Json.GetProperty("items").EnumerateArray().ToList();
        var failed = (await _owner.GetAsync($"/apps/{_app}/failures")).Json.GetProperty("items").EnumerateArray().ToList();

        Assert.Equal([true, false], all.Select(start => start.GetProperty("succeeded").GetBoolean()));
        Assert.Equal(("image", "It has no legs."),
            (Assert.Single(failed).GetProperty("cause").GetString(), failed[0].GetProperty("reason").GetString()));
        Assert.Equal(404, (await _owner.GetAsync("/apps/nothing-here/starts")).Status);
    }

    [Fact]
    public async Task The_last_lines_of_a_failed_start_are_for_who_may_operate()
    {
        _gateway.Apps.Set(_app, new AppState.Failed("It ended.") { Output = "one\nthe password is hunter2" });
        using var reader = await OwnersClient.WithAsync(_gateway, AdminScope.Read);

        Assert.Equal(403, (await reader.GetAsync($"/apps/{_app}/output")).Status);
        var output = await Eventually.TrueAsync("it is kept", async () =>
            (await _owner.GetAsync($"/apps/{_app}/output")).Json is var json && json.GetProperty("from").GetString() == "lastFailure"
                ? json : (System.Text.Json.JsonElement?)null);
        Assert.Equal(["one", "the password is hunter2"], output.GetProperty("lines").EnumerateArray().Select(line => line.GetString()));
        Assert.Equal("none", (await _owner.GetAsync($"/apps/{_gateway.NewApp()}/output")).Json.GetProperty("from").GetString());
    }

    [Fact]
    public async Task What_one_gateways_admin_sets_holds_at_the_other_gateway_too()
    {
        await using var redis = new RedisServer();
        await redis.StartAsync(Stop);
        await using var one = await PayableGateway.StartAsync(redis);
        await using var other = await PayableGateway.StartAsync(redis);
        var app = one.NewApp();
        other.Deploy(app);
        other.Apps.Set(app, new AppState.Awake(new Uri("http://127.0.0.1:1")));
        using var owner = OwnersClient.Of(one);

        Assert.Equal(200, (await owner.PostAsync($"/apps/{app}:block", Why)).Status);

        await Eventually.TrueAsync("the other refuses and has put it to sleep", async () =>
        {
            using var visit = await other.GetAsync(other.UrlOf(app));
            return visit.StatusCode == HttpStatusCode.Forbidden && other.Apps.StatusOf(app) is null ? true : (bool?)null;
        });
    }

    private static (int Status, string? Problem) Of(OwnersClient.Answer answer) => (answer.Status, answer.Problem);

    private Task<OwnersClient.Answer> SetAsync(string? version, object body) =>
        _owner.SendAsync(HttpMethod.Patch, $"/apps/{_app}", body, version is null ? [] : [("If-Match", version)]);

    private async Task PayAsync(long units) => await _gateway.Services.GetRequiredService<IBalanceLedger>()
        .AdjustAsync(AccountId.OfApp(_app), units, Guid.NewGuid().ToString("N"), "a test", "a test", Stop);

    private async Task<Balance> BalanceAsync() =>
        await _gateway.Services.GetRequiredService<IBalanceLedger>().ReadAsync(AccountId.OfApp(_app), Stop) ?? default;

    private async Task<List<(string? Action, string? Subject, string? Outcome, string? Reason, string? Detail)>> AuditAsync() =>
        [
            .. (await _owner.GetAsync("/audit")).Json.GetProperty("items").EnumerateArray().Select(entry => (
                entry.GetProperty("action").GetString(), entry.GetProperty("subject").GetString(),
                entry.GetProperty("outcome").GetString(), entry.GetProperty("reason").GetString(),
                entry.TryGetProperty("detail", out var detail) ? detail.GetString() : null)),
        ];
}
