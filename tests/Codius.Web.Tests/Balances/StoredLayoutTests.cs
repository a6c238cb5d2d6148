using Codius.Testing.Stores;
using Codius.Web.Admin.Access;
using Codius.Web.Admin.Alerts;
using Codius.Web.Admin.Alerts.Developers;
using Codius.Web.Apps.Load;
using Codius.Web.Balances;
using Codius.Web.Balances.Books;
using Codius.Web.Hosting.Alerting;
using StackExchange.Redis;

namespace Codius.Web.Tests.Balances;

/// <summary>
/// The layout of a host's store, key by key and field by field. A running host has years of data: this list may grow, but nothing in
/// it may change its name or meaning.
/// </summary>
public sealed class StoredLayoutTests
{
    private static readonly AccountId Account = AccountId.OfApp("hello");

    [Fact]
    public void Keys()
    {
        var bytes = new byte[32];
        Assert.Equal("codius:epoch", BalanceKeys.Epoch);
        Assert.Equal("codius:written", BalanceKeys.Written);
        Assert.Equal("codius:written:{hello}", BalanceKeys.WrittenBeside(BalanceKeys.Account(Account)));
        Assert.Equal(
            "codius:written:{codius:claim:AAAAAAAAAAAAAAAAAAAAAA}", BalanceKeys.WrittenBeside(BalanceKeys.Claim(bytes.AsSpan(..16))));
        Assert.Equal("codius:{hello}", BalanceKeys.Account(Account));
        Assert.Equal("codius:{hello}:history", BalanceKeys.History(Account));
        Assert.Equal(["codius:{hello}:hours", "codius:{hello}:days", "codius:{hello}:entries"],
            BalanceKeys.Books(BalanceKeys.Account(Account)).Select(key => (string)key!));
        Assert.Equal("codius:{:books}", BalanceKeys.HostBooks);
        Assert.Equal("codius:{:books}:keeper", BalanceKeys.HostBooksKeeper);
        Assert.Equal("codius:{hello}:packet:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", BalanceKeys.Packet(Account, bytes));
        Assert.Equal("codius:{hello}:receipt:AAAAAAAAAAAAAAAAAAAAAA", BalanceKeys.Receipt(Account, bytes.AsSpan(..16)));
        Assert.Equal(
            [
                "codius:{hello}:payments", "codius:{hello}:payments:index", "codius:{hello}:payments:ends",
                "codius:{hello}:payments:received",
            ],
            BalanceKeys.IncomingPayments(Account).Select(key => (string)key!));
        Assert.Equal(["codius:{:payments}", "codius:{:payments}:credited", "codius:{:payments}:ends", "codius:{:payments}:young"],
            BalanceKeys.KeptPayments.Select(key => (string)key!));
        Assert.Equal("codius:{:totals}", BalanceKeys.KeptTotals);
        Assert.Equal(["codius:{:paid}", "codius:{:paid}:references"], BalanceKeys.HostPayments.Select(key => (string)key!));
        Assert.Equal("codius:{:wallet}:given-up", BalanceKeys.GivenUpPayments);
        Assert.Equal(["codius:{:notes}", "codius:{:notes}:order", "codius:{:notes}:ends", "codius:{:notes}:clients"],
            BalanceKeys.Notes.Select(key => (string)key!));
        Assert.Equal(["codius:{hello}:wallet", "codius:{hello}:wallet:ends"],
            BalanceKeys.WalletTotals(Account).Select(key => (string)key!));
        Assert.Equal(
            [
                "codius:{:wallet}", "codius:{:wallet}:states", "codius:{:wallet}:order", "codius:{:wallet}:clients",
                "codius:{:wallet}:hot", "codius:{:wallet}:hot:turns", "codius:{:wallet}:idle", "codius:{:wallet}:idle:turns",
                "codius:{:wallet}:closing",
            ],
            BalanceKeys.WalletPayments.Select(key => (string)key!));
        Assert.Equal("codius:claim:AAAAAAAAAAAAAAAAAAAAAA", BalanceKeys.Claim(bytes.AsSpan(..16)));
        Assert.Equal("codius:alert:no-payments", BalanceKeys.Alert("no-payments"));
        Assert.Equal("codius:alert-places", BalanceKeys.AlertedApps);
        Assert.Equal(["codius:{:alerts}:told", "codius:{:alerts}:seen"], BalanceKeys.ToldAlerts.Select(key => (string)key!));
        Assert.Equal(
            [
                "codius:{:alerts}:host", "codius:{:alerts}:host:held", "codius:{:alerts}:developers",
                "codius:{:alerts}:developers:held",
            ],
            new[] { AlertDelivery.Audience, DeveloperAlertDelivery.Audience }.SelectMany(BalanceKeys.AlertMessages)
                .Select(key => (string)key!));
        Assert.Equal("codius:paid", BalanceKeys.LastPayment);
        Assert.Equal("codius:changed:hello", BalanceKeys.Changes(Account));
        Assert.Equal(("codius-apps:{all}:loads", "codius-apps:{all}:load:one", "codius-apps:{all}:visited"),
            ((string)HostLoad.Gateways!, (string)HostLoad.KeyOf("one")!, (string)LastVisits.Key!));
        Assert.Equal(("codius:{:admin}:tokens", "codius:{:admin}:audit"), ((string)AdminKeys.Tokens!, (string)AdminKeys.Audit!));
        Assert.Equal("codius:{:admin}:idempotency:ops:LCa0a2j_xo_5m0U8HTBBNBNCLXBkg7-g-YpeiGJm564", AdminKeys.Idempotency("ops", "foo"));
    }

    [Fact]
    public async Task Fields()
    {
        var stop = TestContext.Current.CancellationToken;
        await using var server = new RedisServer();
        await server.StartAsync(stop);
        using var store = LedgerStore.OnRedis(server);
        var ledger = store.Ledger;
        var now = AccountUnderTest.InSeconds(0);
        await ledger.CreditAsync(AccountUnderTest.Packet(Account, 100) with { ExecutionCondition = new byte[32] }, stop);
        await ledger.CreditAsync(new ReceiptCredit(Account, new byte[16], 1, 50, now, now.AddHours(1), Unbound: true), stop);
        await ledger.SpendAsync(Account, 5, stop, "an id");
        await ledger.BillRunningAsync(new RunningBill(Account, 60, Waking: true), stop);
        await ledger.LeaseAsync(new LeaseRequest(Account, "lease", 1, 0, 20, 20), stop);
        await ledger.LeaseAsync(new LeaseRequest(Account, "lease", 2, 4, 0, 0, Kept: 16, Forwarded: 15), stop);
        await ledger.LeaseAsync(new LeaseRequest(Account, "other", 1, 0, 125, 125), stop);

        var account = (await store.Database.HashGetAllAsync("codius:{hello}"))
            .ToDictionary(field => (string)field.Name!, field => (string)field.Value!);
        Assert.Equal(
            [
                "balance", "credited", "dust", "ended", "forgotten", "forwarded", "leased", "leases", "ranRest", "ranUntil", "recall",
                "spent", "totals", "wake",
            ],
            account.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(("150", "124", "10", "16"), (account["credited"], account["balance"], account["spent"], account["leased"]));
        Assert.Matches(@"^lease,20,4,2,\d{13}$", account["leases"]);
        Assert.Equal("lease,15", account["forwarded"]);
        Assert.Equal(("", "0"), (account["ended"], account["forgotten"]));
        Assert.Matches(@"^\d{13},other$", account["recall"]);
        Assert.Matches(@"^\d{13}$", account["ranUntil"]);
        Assert.Equal("0", account["ranRest"]);
        Assert.Matches(@"^1,\d{13},0$", account["wake"]);
        // Credited, spent, the hour of the last change, when it began; then sums by kind, as in BookTotals.
        Assert.Matches(@"^150,10,\d{6},\d{13},100,50,,,,,4,1,,5,,,,$", account["totals"]);
        var entries = (await store.Database.HashGetAllAsync("codius:{hello}:entries"))
            .ToDictionary(field => (string)field.Name!, field => (string)field.Value!);
        Assert.Equal(["receipt:AAAAAAAAAAAAAAAAAAAAAA", "spend:an id", "stream:"], entries.Keys.Order(StringComparer.Ordinal));
        Assert.Matches(@"^100\t\d{13}\t\d{13}\t\t\t$", entries["stream:"]);
        Assert.Equal("0", await store.Database.StringGetAsync(BalanceKeys.Packet(Account, new byte[32])));
        Assert.Equal([new HashEntry("1", "50")], await store.Database.HashGetAllAsync(BalanceKeys.Receipt(Account, new byte[16])));
        Assert.Equal("hello", await store.Database.StringGetAsync(BalanceKeys.Claim(new byte[16])));
        Assert.Matches(@"^spend 5 \d{13} $", (string)(await store.Database.HashGetAsync("codius:{hello}:history", "an id"))!);
    }

    [Fact]
    public async Task Fields_of_the_books_of_the_host()
    {
        var stop = TestContext.Current.CancellationToken;
        await using var server = new RedisServer();
        await server.StartAsync(stop);
        using var store = LedgerStore.OnRedis(server);
        await store.Ledger.CreditAsync(AccountUnderTest.Packet(Account, 100), stop);
        await new HostBooksWriter(store.Store, store.Scripts).IncludeAsync([Account]);

        var fields = await store.Database.HashGetAsync("codius:{:books}", [":totals", "hello"]);
        Assert.Matches(@"^\d{6},100,,,,,,,,,,,,,$", (string)fields[0]!);
        Assert.Matches(@"^\d{13},100,,,,,,,,,,,,,$", (string)fields[1]!);
    }

    [Fact]
    public async Task Lines_of_the_books()
    {
        var stop = TestContext.Current.CancellationToken;
        await using var server = new RedisServer();
        await server.StartAsync(stop);
        using var store = LedgerStore.OnRedis(server);
        await store.Ledger.CreditAsync(AccountUnderTest.Packet(Account, 100), stop);
        await store.Database.HashSetAsync("codius:{hello}", "totals", "100,0,450000,1000000000000,1,,,,,99,,,,,,,,");
        await store.Ledger.CreditAsync(AccountUnderTest.Packet(Account, 100), stop);

        // The hour since 1970, then the sums; as it is over 90 days old, it became that of its day.
        var days = await store.Database.ListRangeAsync("codius:{hello}:days");
        Assert.Equal(["450000,1,,,,,99,,,,,,,,"], days.Select(line => (string)line!));
        Assert.Empty(await store.Database.ListRangeAsync("codius:{hello}:hours"));
    }

    [Fact]
    public async Task Fields_of_what_the_owners_API_keeps()
    {
        await using var server = new RedisServer();
        await server.StartAsync(TestContext.Current.CancellationToken);
        using var store = LedgerStore.OnRedis(server);
        var end = DateTimeOffset.FromUnixTimeMilliseconds(4_000_000_000_000);
        await new AdminTokens(store.Store, TimeProvider.System).MakeAsync("ops", [AdminScope.Read, AdminScope.Money], end, "settings");
        await new AuditLog(store.Store).WriteAsync(new AuditEntry(
            DateTimeOffset.UnixEpoch.AddSeconds(1), "ops", "192.0.2.1", "app.block", "hello", "spam", "done", "more")
        {
            Id = "0123456789ab",
        });
        await new IdempotencyKeys(store.Store, TimeProvider.System).UseAsync(new AdminIdentity("ops", [], null), "foo", "");

        Assert.Matches("""^\{"name":"ops","hash":"[^"]{44,}","scopes":\["Read","Money"\],"madeAt":"[^"]+","madeBy":"settings","""
            + "\"expiresAt\":\"2096-10-02T07:06:40\\+00:00\"\\}$", (string)(await store.Database.HashGetAsync(AdminKeys.Tokens, "ops"))!);
        Assert.Equal(
            """00000000001000-0123456789ab {"at":"1970-01-01T00:00:01+00:00","by":"ops","from":"192.0.2.1","act"""
            + """ion":"app.block","subject":"hello","reason":"spam","outcome":"done","detail":"more","id":"0123456789ab"}""",
            (string)(await store.Database.SortedSetRangeByRankAsync(AdminKeys.Audit))[0]!);
        Assert.Equal(
            "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", await store.Database.StringGetAsync(AdminKeys.Idempotency("ops", "foo")));
        await new IdempotencyKeys(store.Store, TimeProvider.System).FinishAsync(new AdminIdentity("ops", [], null), "foo", "");
        Assert.Equal(
            "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU= done", await store.Database.StringGetAsync(AdminKeys.Idempotency("ops", "foo")));
    }

    [Fact]
    public async Task Fields_of_alerts()
    {
        await using var server = new RedisServer();
        await server.StartAsync(TestContext.Current.CancellationToken);
        using var store = LedgerStore.OnRedis(server);
        var now = DateTimeOffset.FromUnixTimeMilliseconds(4_000_000_000_000);
        var alert = new Alert("no-payments:one", "no-payments", AlertSeverity.Warning, "one", "None came.", "Look.", now);
        var message = AlertMessage.Began(alert, "https://codius.test", now);
        message.SendTo(["0123456789abcdef"]);
        await new ToldAlerts(store.Store).SeeAsync([alert], now);
        await new StoredMessages(store.Store, BalanceKeys.AlertMessages("host"), 1).PutAsync([message], now);

        var (told, messages) = (BalanceKeys.ToldAlerts, BalanceKeys.AlertMessages("host"));
        Assert.Equal(
            """{"id":"no-payments:one","rule":"no-payments","severity":"warning","subject":"one","summary":"None came.","whatToDo":"""
            + "\"Look.\",\"since\":\"2096-10-02T07:06:40+00:00\"}", await store.Database.HashGetAsync(told[0], "no-payments:one"));
        Assert.Equal(4_000_000_000_000, await store.Database.SortedSetScoreAsync(told[1], "no-payments:one"));
        Assert.Matches(
            """^\{"at":"2096-10-02T07:06:40\+00:00","isCritical":false,"left":\["0123456789abcdef"\],"body":"\{.*\}"\}$""",
            (string)(await store.Database.HashGetAsync(messages[0], message.Id))!);
        Assert.Equal(4_000_000_000_000, await store.Database.SortedSetScoreAsync(messages[1], message.Id));
    }

    [Fact]
    public void Lines_of_what_a_gateway_has_on_hand() => Assert.Equal("5 570\nhello 2\nslow 3", new GatewayLoad(
        5, 570, new Dictionary<string, int>(StringComparer.Ordinal) { ["hello"] = 2, ["slow"] = 3 }).ToText());

    [Fact]
    public async Task Fields_of_a_wake_that_was_given_back()
    {
        var stop = TestContext.Current.CancellationToken;
        await using var server = new RedisServer();
        await server.StartAsync(stop);
        using var store = LedgerStore.OnRedis(server);
        await store.Ledger.CreditAsync(AccountUnderTest.Packet(Account, 100), stop);
        await store.Ledger.BillRunningAsync(new RunningBill(Account, 600, Waking: true), stop);
        await store.Ledger.EndWakeAsync(new WakeEnd(Account, "Host"), stop);

        var fields = await store.Database.HashGetAsync("codius:{hello}", ["wake", "wakeRefund"]);
        Assert.Equal("", fields[0]);
        Assert.Matches(@"^\d{13} 10 \d{13} Host$", (string)fields[1]!);
    }

    [Fact]
    public async Task Fields_of_a_book_of_the_host()
    {
        var stop = TestContext.Current.CancellationToken;
        await using var server = new RedisServer();
        await server.StartAsync(stop);
        using var store = LedgerStore.OnRedis(server);
        await store.Ledger.BookAsync(AccountId.OfApp("-owed-one"), 100, "a-gateway", 3, stop);

        Assert.Matches(@"^a-gateway,3,\d{13}$", (string)(await store.Database.HashGetAsync("codius:{-owed-one}", "bookers"))!);
    }

    [Fact]
    public async Task Fields_of_an_app_with_a_cap()
    {
        var stop = TestContext.Current.CancellationToken;
        await using var server = new RedisServer();
        await server.StartAsync(stop);
        using var store = LedgerStore.OnRedis(server);
        await store.Ledger.CreditAsync(AccountUnderTest.Packet(Account, 100), stop);
        await store.Database.HashSetAsync("codius:{hello}", "spends", "1,500;29000000,7");
        await store.Ledger.LeaseAsync(new LeaseRequest(Account, "lease", 1, 0, 20, 20, CapPerHour: 50), stop);
        await store.Ledger.LeaseAsync(new LeaseRequest(Account, "lease", 2, 8, 0, 0, CapPerHour: 50), stop);

        Assert.Matches(@"^\d{8},8$", (string)(await store.Database.HashGetAsync("codius:{hello}", "spends"))!);
    }

    [Fact]
    public async Task Fields_of_an_app_that_failed()
    {
        var stop = TestContext.Current.CancellationToken;
        await using var server = new RedisServer();
        await server.StartAsync(stop);
        using var store = LedgerStore.OnRedis(server);
        await store.Ledger.CreditAsync(AccountUnderTest.Packet(Account, 100), stop);
        await store.Ledger.LeaseAsync(new LeaseRequest(Account, "lease", 1, 0, 20, 20, FreeErrors: 2), stop);

        Assert.Matches(@"^\d{13},2$", (string)(await store.Database.HashGetAsync("codius:{hello}", "errors"))!);
    }

    [Fact]
    public async Task Fields_of_running_time_that_was_not_paid()
    {
        var stop = TestContext.Current.CancellationToken;
        await using var server = new RedisServer();
        await server.StartAsync(stop);
        using var store = LedgerStore.OnRedis(server);
        await store.Ledger.CreditAsync(AccountUnderTest.Packet(Account, 1), stop);
        await store.Database.HashSetAsync("codius:{hello}", "ranUntil", AccountUnderTest.InSeconds(-60).ToUnixTimeMilliseconds());
        await store.Ledger.BillRunningAsync(new RunningBill(Account, 600), stop);

        Assert.Equal("9", await store.Database.HashGetAsync("codius:{hello}", "writtenOff"));
    }
}
