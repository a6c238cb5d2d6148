using System.Text.Json;
using Codius.Web.Balances.Books;
using Codius.Web.Tests.Payments;
using Microsoft.Extensions.DependencyInjection;

namespace Codius.Web.Tests.Admin.Api;

/// <summary>What the owner's API shows: pages, orders, filters, and what is out of their range.</summary>
public sealed class ReadingEndpointsTests
{
    private readonly StagedBooks _books = new();

    [Fact]
    public async Task Apps_are_listed_by_pages_that_neither_repeat_nor_leave_out_one_in_every_order()
    {
        await using var gateway = await StartAsync();
        using var owner = OwnersClient.Of(gateway);
        var (rich, poor, busy, none) = ("a-rich", "b-poor", "c-busy", "d-none");
        foreach (var (name, units) in new[] { (rich, 9_000UL), (poor, 10UL), (busy, 500UL), (none, 0UL) })
        {
            gateway.Deploy(name);
            if (units > 0) await gateway.PayAsync(name, units);
        }
        _books.Spent[busy] = 100_000;
        _books.Spent[rich] = 5;

        Assert.Equal([rich, poor, busy, none], await NamesAsync(owner, "size=1"));
        Assert.Equal([rich, poor, busy, none], await NamesAsync(owner, "size=3"));
        Assert.Equal([none, poor, busy, rich], await NamesAsync(owner, "size=1&order=balance"));
        Assert.Equal([busy, rich, poor, none], await NamesAsync(owner, "size=1&order=spending"));
        // What spends nothing comes last, with the least money first.
        Assert.Equal([busy, rich, none, poor], await NamesAsync(owner, "size=3&order=runsDry"));
        Assert.Equal([busy], await NamesAsync(owner, "search=BUS"));
        Assert.Empty(await NamesAsync(owner, "state=awake"));
        // A cursor is of one order.
        var cursor = (await owner.GetAsync("/apps?size=1&order=balance")).Json.GetProperty("next").GetString();
        Assert.Equal(400, (await owner.GetAsync($"/apps?size=1&cursor={cursor}")).Status);

        var app = (await owner.GetAsync($"/apps/{busy}")).Json;
        Assert.Equal(("asleep", "500", "0.0000005", "10000"), (app.GetProperty("state").GetString(),
            app.GetProperty("balance").GetProperty("units").GetString(), app.GetProperty("balance").GetProperty("text").GetString(),
            app.GetProperty("pricePerRequest").GetProperty("units").GetString()));
        Assert.NotEqual(JsonValueKind.Null, app.GetProperty("runsDryAt").ValueKind);
        Assert.Equal(JsonValueKind.Null, (await owner.GetAsync($"/apps/{poor}")).Json.GetProperty("runsDryAt").ValueKind);
    }

    [Fact]
    public async Task The_summary_adds_up_the_hosts_books_and_who_owes_it()
    {
        await using var gateway = await StartAsync();
        using var owner = OwnersClient.Of(gateway);
        gateway.NewApp();

        var summary = (await owner.GetAsync("/summary")).Json;

        string? Units(string name) => summary.GetProperty(name).GetProperty("units").GetString();
        Assert.Equal(("good", "USD", 9), (summary.GetProperty("state").GetString(), summary.GetProperty("assetCode").GetString(),
            summary.GetProperty("assetScale").GetInt32()));
        Assert.Equal(("3000", "50", "25", "-375", "625"),
            (Units("balanceTotal"), Units("paidToday"), Units("earnedToday"), Units("earned7Days"), Units("earned30Days")));
        Assert.Equal("-0.000000375", summary.GetProperty("earned7Days").GetProperty("text").GetString());
        Assert.Equal(1, summary.GetProperty("apps").GetProperty("asleep").GetInt32());
        Assert.Equal(["one"], summary.GetProperty("connectors").EnumerateArray().Select(each => each.GetProperty("name").GetString()));
        var earnings = (await owner.GetAsync("/earnings?step=day")).Json.GetProperty("items").EnumerateArray()
            .Select(line => line.GetProperty("totals").GetProperty("earned").GetString());
        Assert.Equal(["1000", "-400", "25"], earnings);
    }

    [Fact]
    public async Task Earnings_are_listed_by_app_and_deploy_tokens_without_apps_by_pages()
    {
        await using var gateway = await StartAsync();
        using var owner = OwnersClient.Of(gateway);
        foreach (var name in new[] { "a", "b", "c" }) gateway.Deploy(name);
        _books.Spent["b"] = 70;
        var tokens = Enumerable.Range(0, 3).Select(i => Codius.Web.Balances.AccountId.OfDeployToken($"token {i}")).ToList();
        foreach (var paid in tokens) await gateway.PayAsync(paid.ToString(), 100);
        await gateway.Services.GetRequiredService<HostBooksWriter>().IncludeAsync([.. tokens, Codius.Web.Balances.AccountId.OfApp("a")]);

        var first = (await owner.GetAsync("/earnings/apps?size=2")).Json;
        Assert.Equal(["a", "b"], first.GetProperty("items").EnumerateArray().Select(app => app.GetProperty("app").GetString()));
        Assert.Equal("70", first.GetProperty("items")[1].GetProperty("lines")[0].GetProperty("totals").GetProperty("earned").GetString());
        var rest = (await owner.GetAsync($"/earnings/apps?size=2&cursor={first.GetProperty("next").GetString()}")).Json;
        Assert.Equal("c", Assert.Single(rest.GetProperty("items").EnumerateArray()).GetProperty("app").GetString());

        var (seen, cursor) = (new List<string?>(), "");
        for (var more = true; more;)
        {
            var page = (await owner.GetAsync($"/deploy-tokens?owning=nothing&size=2{cursor}")).Json;
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(token => token.GetProperty("account").GetString()));
            more = page.GetProperty("next").GetString() is not null;
            cursor = "&cursor=" + page.GetProperty("next").GetString();
        }
        Assert.Equal(tokens.Select(token => token.ToString()).Order(), seen.Order());
        Assert.Empty((await owner.GetAsync("/deploy-tokens")).Json.GetProperty("items").EnumerateArray());
        Assert.Equal(400, (await owner.GetAsync("/deploy-tokens?owning=nothing&cursor=x")).Status);
        Assert.Equal(400, (await owner.GetAsync("/deploy-tokens?owning=gold")).Status);
        var token = (await owner.GetAsync($"/deploy-tokens/{tokens[0]}")).Json;
        Assert.Equal("100", token.GetProperty("balance").GetProperty("units").GetString());
    }

    [Fact]
    public async Task A_connector_that_settles_owes_less_once_and_never_less_than_nothing()
    {
        await using var gateway = await StartAsync();
        using var owner = OwnersClient.Of(gateway);
        var app = gateway.NewApp();
        using var connector = gateway.Connector();
        var payer = new PacketMaker(await gateway.SetUpAsync(app));
        Assert.IsType<Interledger.Net.Packets.IlpFulfill>(await PacketMaker.SendAsync(connector, payer.Money(600)));
        var body = new { units = "400", reason = "SEPA 2026-11-30 0815" };

        var done = await owner.PostAsync("/connectors/one:settle", body, "0815");
        Assert.Equal((200, "done", "200"), Moved(done));
        Assert.Equal((200, "repeated", "200"), Moved(await owner.PostAsync("/connectors/one:settle", body, "0815")));
        Assert.Equal("owes-less", (await owner.PostAsync("/connectors/one:settle", body, "0816")).Problem);
        Assert.Equal("no-such-connector", (await owner.PostAsync("/connectors/two:settle", body, "0817")).Problem);

        var row = (await owner.GetAsync("/connectors/one")).Json;
        Assert.Equal(JsonValueKind.Null, row.GetProperty("lastReason").ValueKind); // of the test's books
        Assert.Equal(("200", "7"), (row.GetProperty("owed").GetProperty("units").GetString(),
            row.GetProperty("settledTotal").GetProperty("units").GetString()));
        Assert.Equal(404, (await owner.GetAsync("/connectors/two")).Status);
    }

    [Fact]
    public async Task A_payment_is_found_by_its_reference_its_packet_and_its_nonce()
    {
        await using var gateway = await StartAsync();
        using var owner = OwnersClient.Of(gateway);
        var app = gateway.NewApp();
        using var connector = gateway.Connector();
        var payer = new PacketMaker(await gateway.SetUpAsync(app));
        var prepare = payer.Money(600);
        Assert.IsType<Interledger.Net.Packets.IlpFulfill>(await PacketMaker.SendAsync(connector, prepare));
        var at = DateTimeOffset.UnixEpoch;
        _books.Entries.Add(new StatementEntry("7", at, at, StatementKind.Credit, 600, "stream", "a-reference", null, null, null));

        async Task<bool> Credited(string query) =>
            (await owner.GetAsync($"/accounts/{app}/payments?{query}")).Json.GetProperty("credited").GetBoolean();
        var bytes = new byte[32];
        prepare.ExecutionCondition.CopyTo(bytes);
        var condition = Convert.ToHexString(bytes);
        Assert.True(await Credited("condition=" + condition));
        Assert.False(await Credited("condition=" + new string('0', 64)));
        Assert.True(await Credited("reference=a-reference"));
        Assert.False(await Credited("reference=another"));
        Assert.False(await Credited("nonce=" + Convert.ToHexString(new byte[16])));
        foreach (var query in new[] { "", "condition=12", "nonce=zz", $"nonce={condition}", $"reference=a&condition={condition}" })
            Assert.Equal(400, (await owner.GetAsync($"/accounts/{app}/payments?{query}")).Status);
    }

    [Fact]
    public async Task Sizes_cursors_and_times_out_of_range_are_refused_by_every_operation_that_takes_them()
    {
        await using var gateway = await StartAsync();
        using var owner = OwnersClient.Of(gateway);
        var app = gateway.NewApp();
        var document = (await owner.GetAsync("/openapi.json")).Json;
        var taken = new List<string>();
        var faults = new List<string>();
        foreach (var path in document.GetProperty("paths").EnumerateObject())
        {
            if (!path.Value.TryGetProperty("get", out var get) || !get.TryGetProperty("parameters", out var parameters)) continue;
            var url = path.Name.Replace("{account}", app, StringComparison.Ordinal).Replace("{name}", "one", StringComparison.Ordinal)
                [Codius.Web.Admin.Api.AdminApi.Root.Length..];
            foreach (var parameter in parameters.EnumerateArray().Select(each => each.GetProperty("name").GetString()!))
            {
                string[] bad = parameter switch
                {
                    "size" => ["0", "-1", "1001", "99999999999", "ten", "1.5"],
                    "cursor" => ["%5B%2B", "..%2F..", "-", new string('9', 3_000)],
                    "from" => ["yesterday", "9999-12-31T23:59:59Z", "2000-01-01T00:00:00Z", "0001-01-01T00:00:00Z"],
                    "until" => ["0001-01-01T00:00:00Z", "NaN"],
                    "step" => ["minute", ""],
                    "order" => ["size"],
                    "balanceBelow" or "balanceAtLeast" => ["", "-1", "+1", "1.5", "1e3", "ten", "18446744073709551616"],
                    "capped" => ["", "yes", "True"],
                    "kind" or "way" => ["gold", ""],
                    _ => [],
                };
                if (bad.Length > 0) taken.Add(parameter);
                foreach (var value in bad)
                {
                    var answer = await owner.GetAsync($"{url}?{parameter}={value}");
                    if (answer.Status != 400 || answer.Problem is null)
                        faults.Add($"{url}?{parameter}={value[..Math.Min(20, value.Length)]}: {answer.Status}");
                }
            }
        }
        Assert.Empty(faults);
        Assert.Equal(
            [
                "balanceAtLeast", "balanceBelow", "capped", "cursor", "from", "kind", "order", "size", "step", "until", "way",
            ],
            taken.Distinct().Order());
    }

    [Fact]
    public async Task The_page_of_the_API_comes_whole_from_this_program()
    {
        await using var gateway = await StartAsync();
        using var owner = OwnersClient.Of(gateway);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/admin/api/");

        using var answer = await gateway.Management.SendAsync(request, TestContext.Current.CancellationToken);
        var html = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Equal(200, (int)answer.StatusCode);
        Assert.DoesNotContain("http://", html, StringComparison.Ordinal);
        Assert.DoesNotContain("https://", html, StringComparison.Ordinal);
        Assert.StartsWith("default-src 'none'; script-src 'self' 'nonce-",
            answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        foreach (System.Text.RegularExpressions.Match script in System.Text.RegularExpressions.Regex.Matches(html, "src=\"([^\"]+)\""))
        {
            using var loaded = await gateway.Management.GetAsync(
                new Uri(new Uri("http://management/admin/api/"), script.Groups[1].Value), TestContext.Current.CancellationToken);
            Assert.Equal(200, (int)loaded.StatusCode);
        }
    }

    [Fact]
    public async Task Events_say_what_changed()
    {
        await using var gateway = await StartAsync();
        using var response = await gateway.Management.GetAsync(
            "/admin/api/v1/events", HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        Assert.Equal("event: open", await reader.ReadLineAsync(TestContext.Current.CancellationToken));

        var app = gateway.NewApp();
        await gateway.PayAsync(app, 100);

        var seen = new HashSet<string>();
        while (!seen.Contains("apps") || !seen.Contains("account " + app))
        {
            var line = await reader.ReadLineAsync(TestContext.Current.CancellationToken);
            if (line?.StartsWith("data: ", StringComparison.Ordinal) != true) continue;
            using var happened = JsonDocument.Parse(line["data: ".Length..]);
            seen.Add($"{happened.RootElement.GetProperty("kind")} {happened.RootElement.GetProperty("subject")}".Trim());
        }
    }

    private Task<PayableGateway> StartAsync() =>
        PayableGateway.StartAsync(
            settings: ["Gateway:PerClientBurst=1000000"], services: services => services.AddSingleton<IBooks>(_books));

    private static async Task<List<string>> NamesAsync(OwnersClient owner, string query)
    {
        var (names, cursor) = (new List<string>(), "");
        while (true)
        {
            var page = (await owner.GetAsync($"/apps?{query}{cursor}")).Json;
            names.AddRange(page.GetProperty("items").EnumerateArray().Select(app => app.GetProperty("name").GetString()!));
            if (page.GetProperty("next").GetString() is not { } next) return names;
            cursor = "&cursor=" + next;
        }
    }

    private static (int Status, string? Outcome, string? Balance) Moved(OwnersClient.Answer answer) => (answer.Status,
        answer.Json.GetProperty("outcome").GetString(), answer.Json.GetProperty("balance").GetProperty("units").GetString());
}
