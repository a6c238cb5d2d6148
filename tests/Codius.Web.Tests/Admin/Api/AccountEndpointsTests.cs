using Codius.Testing.Stores;
using Codius.Web.Admin.Access;
using Codius.Web.Balances.Books;
using Codius.Web.Tests.Payments;
using Microsoft.Extensions.DependencyInjection;

namespace Codius.Web.Tests.Admin.Api;

/// <summary>Accounts by the owner's API: what they have, and money moved by hand, each time once.</summary>
public sealed class AccountEndpointsTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_refund_is_made_once_whatever_is_repeated_and_a_key_stands_for_one_request()
    {
        await using var gateway = await StartAsync();
        using var owner = OwnersClient.Of(gateway);
        var app = await SpentAsync(gateway, 1_000, 400);
        var refund = new { units = "300", reason = "the app was down" };

        var done = await owner.PostAsync($"/accounts/{app}:refund", refund, "first");
        Assert.Equal((200, "done", "900"), Moved(done));
        Assert.Equal((200, "repeated", "900"), Moved(await owner.PostAsync($"/accounts/{app}:refund", refund, "first")));
        var other = await owner.PostAsync($"/accounts/{app}:refund", new { units = "30", refund.reason }, "first");
        Assert.Equal((422, "idempotency-key-reused"), (other.Status, other.Problem));
        // Another one of the same: as much as is spent can be given back, and no more.
        Assert.Equal((409, "spent-less"), Of(await owner.PostAsync($"/accounts/{app}:refund", refund, "second")));
        var rest = await owner.PostAsync($"/accounts/{app}:refund", new { units = "100", reason = "all" }, "third");
        Assert.Equal((200, "done", "1000"), Moved(rest));

        var balance = (await gateway.ReadAsync(app))!.Value;
        Assert.Equal((1_000UL, 1_000UL, 0UL), (balance.Credited, balance.Available, balance.Spent));
    }

    [Fact]
    public async Task A_repeat_moves_nothing_also_when_the_ledger_has_forgotten_its_id()
    {
        await using var gateway = await StartAsync();
        using var owner = OwnersClient.Of(gateway);
        var app = await SpentAsync(gateway, 1_000, 400);
        var (refund, gift) = (new { units = "100", reason = "was down" }, new { units = "7", reason = "a gift" });
        await owner.PostAsync($"/accounts/{app}:refund", refund, "one");
        await owner.PostAsync($"/accounts/{app}:adjust", gift, "two");
        // As a thousand calls of :spend with an id do.
        var history = Codius.Web.Balances.BalanceKeys.History(Codius.Web.Balances.AccountId.OfApp(app));
        Assert.True(await gateway.Services.GetRequiredService<Codius.Web.Balances.Storage.RedisStore>().Connection.GetDatabase()
            .KeyDeleteAsync(history));

        Assert.Equal((200, "repeated", "707"), Moved(await owner.PostAsync($"/accounts/{app}:refund", refund, "one")));
        Assert.Equal((200, "repeated", "707"), Moved(await owner.PostAsync($"/accounts/{app}:adjust", gift, "two")));

        Assert.Equal(707UL, (await gateway.ReadAsync(app))!.Value.Available);
    }

    [Fact]
    public async Task A_repeat_after_a_crash_moves_nothing_when_a_thousand_changes_since_may_have_displaced_its_id()
    {
        await using var gateway = await StartAsync();
        using var owner = OwnersClient.Of(gateway);
        var app = await SpentAsync(gateway, 1_000, 400);
        var refund = new { units = "100", reason = "was down" };
        await owner.PostAsync($"/accounts/{app}:refund", refund, "one");
        var database = gateway.Services.GetRequiredService<Codius.Web.Balances.Storage.RedisStore>().Connection.GetDatabase();
        // As after a crash between the refund and its mark, and as many changes with ids as the history keeps.
        var (key, history) = (AdminKeys.Idempotency("settings", "one"),
            Codius.Web.Balances.BalanceKeys.History(Codius.Web.Balances.AccountId.OfApp(app)));
        var print = ((string)(await database.StringGetAsync(key))!).Split(' ')[0];
        await database.StringSetAsync(key, print, TimeSpan.FromDays(7) - TimeSpan.FromHours(1));
        await database.KeyDeleteAsync(history);
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        await database.HashSetAsync(history, [.. Enumerable.Range(0, 1_000)
            .Select(i => new StackExchange.Redis.HashEntry($"call {i}", $"spend 1 {now - i} "))]);

        Assert.Equal((409, "outcome-not-known"), Of(await owner.PostAsync($"/accounts/{app}:refund", refund, "one")));
        Assert.Equal(700UL, (await gateway.ReadAsync(app))!.Value.Available);

        // A history that reaches back to before the request would have it, so it was not done.
        await database.HashSetAsync(history, "old", $"spend 1 {now - 7_200_000} ");
        Assert.Equal((200, "done", "800"), Moved(await owner.PostAsync($"/accounts/{app}:refund", refund, "one")));
        Assert.Equal((200, "repeated", "800"), Moved(await owner.PostAsync($"/accounts/{app}:refund", refund, "one")));
    }

    [Fact]
    public async Task Two_admins_with_the_same_key_make_two_refunds()
    {
        await using var gateway = await StartAsync();
        using var one = OwnersClient.Of(gateway);
        using var other = await OwnersClient.WithAsync(gateway, AdminScope.Money);
        var app = await SpentAsync(gateway, 1_000, 400);

        await one.PostAsync($"/accounts/{app}:refund", new { units = "10", reason = "one" }, "1");
        var second = await other.PostAsync($"/accounts/{app}:refund", new { units = "20", reason = "another" }, "1");

        Assert.Equal((200, "done", "630"), Moved(second));
    }

    [Fact]
    public async Task Many_repeats_at_once_move_money_once()
    {
        await using var gateway = await StartAsync();
        using var owner = OwnersClient.Of(gateway);
        var app = await SpentAsync(gateway, 1_000, 400);

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ =>
            owner.PostAsync($"/accounts/{app}:refund", new { units = "100", reason = "clicked ten times" }, "once")));

        Assert.All(answers, answer => Assert.Equal("700", Moved(answer).Balance));
        Assert.Single(answers, answer => answer.Json.GetProperty("outcome").GetString() == "done");
        Assert.Equal(700UL, (await gateway.ReadAsync(app))!.Value.Available);
    }

    [Fact]
    public async Task An_adjustment_adds_or_takes_never_below_zero_and_makes_no_account_that_nobody_has()
    {
        await using var gateway = await StartAsync();
        using var owner = OwnersClient.Of(gateway);
        var app = gateway.NewApp();
        Task<OwnersClient.Answer> Adjust(string account, string units) =>
            owner.PostAsync($"/accounts/{account}:adjust", new { units, reason = "a gift" }, Guid.NewGuid().ToString());

        Assert.Equal((404, "no-such-account"), Of(await owner.GetAsync($"/accounts/{app}")));
        Assert.Equal((404, "no-such-account"), Of(await Adjust(app, "-1")));
        Assert.Equal((200, "done", "50"), Moved(await Adjust(app, "50")));
        Assert.Equal((409, "not-enough"), Of(await Adjust(app, "-51")));
        Assert.Equal((200, "done", "0"), Moved(await Adjust(app, "-50")));
        Assert.Equal((200, "done", long.MaxValue.ToString(System.Globalization.CultureInfo.InvariantCulture)),
            Moved(await Adjust(app, "9223372036854775807")));
        Assert.Equal((409, "out-of-range"), Of(await Adjust(app, "1")));
        Assert.Equal((404, "no-such-account"), Of(await Adjust("nobody-has-this", "50")));
        Assert.Null(await gateway.ReadAsync("nobody-has-this"));
    }

    [Theory]
    [InlineData("""{"units":"0","reason":"why"}""", "k", "units")]
    [InlineData("""{"units":"-5","reason":"why"}""", "k", "units")]
    [InlineData("""{"units":"+5","reason":"why"}""", "k", "units")]
    [InlineData("""{"units":"1.5","reason":"why"}""", "k", "units")]
    [InlineData("""{"units":"1e3","reason":"why"}""", "k", "units")]
    [InlineData("""{"units":" 5","reason":"why"}""", "k", "units")]
    [InlineData("""{"units":"9223372036854775808","reason":"why"}""", "k", "units")]
    [InlineData("""{"units":5,"reason":"why"}""", "k", null)]
    [InlineData("""{"units":"5"}""", "k", null)]
    [InlineData("""{"units":"5","reason":"why","account":"other"}""", "k", null)]
    [InlineData("""{"units":"5","reason":""}""", "k", "reason")]
    [InlineData("""{"units":"5","reason":"why"}""", null, "Idempotency-Key")]
    [InlineData("""{"units":"5","reason":"why"}""", "two words", "Idempotency-Key")]
    [InlineData("""{"units":"5","reason":"why"}""",
        "sixty-five-characters-are-too-long-0123456789012345678901234567890", "Idempotency-Key")]
    public async Task A_request_that_is_not_well_formed_moves_nothing(string body, string? key, string? parameter)
    {
        await using var gateway = await StartAsync();
        using var owner = OwnersClient.Of(gateway);
        var app = await SpentAsync(gateway, 100, 50);

        var answer = await owner.PostAsync($"/accounts/{app}:refund", body, key);

        Assert.Equal((400, "bad-request"), Of(answer));
        if (parameter is not null) Assert.Equal(parameter, answer.Json.GetProperty("parameter").GetString());
        Assert.Equal(50UL, (await gateway.ReadAsync(app))!.Value.Available);
    }

    [Fact]
    public async Task Ids_that_try_to_lead_elsewhere_are_no_accounts()
    {
        await using var gateway = await StartAsync();
        using var owner = OwnersClient.Of(gateway);
        var app = await SpentAsync(gateway, 100, 50);
        string[] ids =
        [
            "..%2Faudit", "%252e%252e", "%2e%2e%2f",
            "%2F", app + "%2F..", "{" + app + "}", "%7B" + app + "%7D", app + "%20", "-owed-one",
            app + "%7D:history", app.ToUpperInvariant(), new string('a', 64), "%0d%0aSet-Cookie:x", "*", "%F0%9F%92%B8",
        ];

        foreach (var id in ids)
        {
            foreach (var path in new[]
            {
                $"/accounts/{id}", $"/accounts/{id}/statement", $"/apps/{id}", $"/connectors/{id}", $"/deploy-tokens/{id}",
            })
            {
                var got = await owner.GetAsync(path);
                Assert.True(got.Status == 404, $"GET {path}: {got.Status}");
                Assert.Equal("application/problem+json", got.Type);
            }
            var posted = await owner.PostAsync($"/accounts/{id}:adjust", new { units = "5", reason = "why" }, "k");
            Assert.True(posted.Status == 404, $"POST /accounts/{id}:adjust: {posted.Status}");
        }
        await owner.PostAsync("/accounts/nobody-has-this:refund", new { units = "5", reason = "why" }, "k2");
        Assert.Empty((await owner.GetAsync("/audit")).Json.GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task Each_change_is_in_the_audit_log_with_its_amount_reason_and_outcome()
    {
        await using var gateway = await StartAsync();
        using var owner = await OwnersClient.WithAsync(gateway, [.. AdminScopes.All]);
        var app = await SpentAsync(gateway, 1_000, 400);
        await owner.PostAsync($"/accounts/{app}:refund", new { units = "300", reason = "was down" }, "a");
        await owner.PostAsync($"/accounts/{app}:adjust", new { units = "-5000", reason = "too much" }, "b");

        var log = (await owner.GetAsync($"/audit?subject={app}")).Json.GetProperty("items").EnumerateArray().ToList();

        Assert.Equal(
            [
                "account.adjust too much refused: NotEnough -5000 units (-0.000005 USD)",
                "account.refund was down done 300 units (0.0000003 USD)",
            ],
            log.Select(entry => string.Join(' ', entry.GetProperty("action"), entry.GetProperty("reason"), entry.GetProperty("outcome"),
                entry.GetProperty("detail").GetString()!.Split(',')[0])));
        Assert.All(log, entry => Assert.StartsWith("t", entry.GetProperty("by").GetString(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_its_store_the_API_says_that_the_outcome_is_not_known()
    {
        await using var redis = new RedisServer();
        await redis.StartAsync(Stop);
        await using var gateway = await StartAsync(redis, "Redis:Timeout=00:00:00.5");
        using var owner = OwnersClient.Of(gateway);
        var app = await SpentAsync(gateway, 100, 50);
        using var named = await OwnersClient.WithAsync(gateway, AdminScope.Read, AdminScope.Money);
        await redis.KillAsync();

        Assert.Equal((503, "ledger-unavailable"),
            Of(await owner.PostAsync($"/accounts/{app}:refund", new { units = "5", reason = "why" }, "k")));
        Assert.Equal((503, "ledger-unavailable"), Of(await owner.GetAsync($"/accounts/{app}")));
        Assert.Equal(200, (await owner.SendAsync(HttpMethod.Get, "//admin/health")).Status);
    }

    private static Task<PayableGateway> StartAsync(RedisServer? redis = null, params string[] settings) =>
        PayableGateway.StartAsync(redis, settings, services => services.AddSingleton<IBooks>(new StagedBooks()));

    /// <summary>A new app that was paid and has spent some of it.</summary>
    private static async Task<string> SpentAsync(PayableGateway gateway, ulong paid, ulong spent)
    {
        var app = gateway.NewApp();
        await gateway.PayAsync(app, paid);
        await gateway.Services.GetRequiredService<Codius.Web.Balances.IBalanceLedger>()
            .SpendAsync(Codius.Web.Balances.AccountId.OfApp(app), spent, Stop);
        return app;
    }

    private static (int Status, string? Problem) Of(OwnersClient.Answer answer) => (answer.Status, answer.Problem);

    private static (int Status, string? Outcome, string? Balance) Moved(OwnersClient.Answer answer) => (answer.Status,
        answer.Json.GetProperty("outcome").GetString(), answer.Json.GetProperty("balance").GetProperty("units").GetString());
}
