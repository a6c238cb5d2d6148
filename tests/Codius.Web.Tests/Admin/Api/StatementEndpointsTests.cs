using System.Text.Json;
using Codius.Testing;
using Codius.Web.Balances;
using Codius.Web.Balances.Books;
using Codius.Web.Balances.Storage;
using Codius.Web.Tests.Payments;
using Interledger.Net.Packets;
using Microsoft.Extensions.DependencyInjection;

namespace Codius.Web.Tests.Admin.Api;

/// <summary>Statements by the owner's API, of accounts and of connectors: their content, filters, pages, CSV and lines.</summary>
public sealed class StatementEndpointsTests
{
    private static readonly string[] Shown = ["paidByStream", "adjustedUp", "requests", "calls"];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_statement_is_filtered_and_its_pages_as_CSV_lead_to_each_other()
    {
        var books = new StagedBooks();
        var now = TimeProvider.System.GetUtcNow();
        for (var i = 0; i < 6; i++)
            books.Entries.Add(new StatementEntry($"{i}", now.AddHours(-i), now, i % 2 == 0 ? StatementKind.Credit : StatementKind.Refund, 1,
                i % 2 == 0 ? "stream" : null, "r", null, null, null));
        await using var gateway = await StartAsync(books);
        using var owner = OwnersClient.Of(gateway);
        var app = gateway.NewApp();
        async Task<string> Ids(string query) => string.Concat((await owner.GetAsync($"/accounts/{app}/statement?{query}")).Json
            .GetProperty("items").EnumerateArray().Select(entry => entry.GetProperty("id").GetString()));

        Assert.Equal("024", await Ids("way=stream"));
        Assert.Equal("135", await Ids("kind=refund"));
        Assert.Equal("01", await Ids($"from={Uri.EscapeDataString(now.AddMinutes(-90).ToString("O"))}"));
        Assert.Equal("345", await Ids($"until={Uri.EscapeDataString(now.AddMinutes(-150).ToString("O"))}"));
        var first = (await owner.GetAsync($"/accounts/{app}/statement?kind=refund&size=2")).Json;
        Assert.Equal(2, first.GetProperty("items").GetArrayLength());
        Assert.Equal("5", await Ids($"kind=refund&size=2&cursor={first.GetProperty("next").GetString()}"));
        foreach (var wrong in new[] { "way=gold", "kind=gift", "from=1999-01-01" })
            Assert.Equal(400, (await owner.GetAsync($"/accounts/{app}/statement?{wrong}")).Status);
        var url = $"/accounts/{app}/statement.csv";
        var (rows, links) = (new List<string>(), 0);
        for (var query = "?kind=credit&size=2"; ; links++)
        {
            var page = await owner.GetAsync(url + query);
            rows.AddRange(page.Text.Split("\r\n")[1..^1]);
            if (page.Link is not { } link) break;
            query = link[1..link.IndexOf('>', StringComparison.Ordinal)];
            Assert.Contains("kind=credit", query, StringComparison.Ordinal);
        }
        Assert.Equal(1, links);
        Assert.Equal(["\"0\"", "\"2\"", "\"4\""], rows.Select(row => row.Split(',')[^1]));
        Assert.Equal(400, (await owner.GetAsync($"{url}?kind=credit&cursor=x")).Status);
    }

    [Fact]
    public async Task A_statement_as_CSV_has_no_cell_that_a_spreadsheet_would_run()
    {
        var at = DateTimeOffset.UnixEpoch.AddDays(20_000);
        var books = new StagedBooks();
        books.Entries.Add(
            new StatementEntry("1", at, at, StatementKind.Credit, 10_000, "stream", "=cmd|' /C calc'!A0", "@SUM(A1)", null, null));
        books.Entries.Add(
            new StatementEntry("2", at, at, StatementKind.Refund, 5, null, "+1", "-1", "said \"sorry\",\ttwice", "ops"));
        await using var gateway = await StartAsync(books);
        using var owner = OwnersClient.Of(gateway);
        var app = gateway.NewApp();

        var csv = await owner.GetAsync($"/accounts/{app}/statement.csv");

        Assert.Equal((200, "text/csv"), (csv.Status, csv.Type));
        Assert.Equal(
            [
                "\"at\",\"last\",\"kind\",\"units\",\"amount\",\"asset\",\"way\",\"reference\",\"payer\",\"reason\",\"by\",\"id\"",
                "\"2024-10-04T00:00:00.000Z\",\"2024-10-04T00:00:00.000Z\",\"credit\",\"10000\",\"0.00001\",\"USD\",\"stream\","
                    + "\"'=cmd|' /C calc'!A0\",\"'@SUM(A1)\",\"\",\"\",\"1\"",
                "\"2024-10-04T00:00:00.000Z\",\"2024-10-04T00:00:00.000Z\",\"refund\",\"5\",\"0.000000005\",\"USD\",\"\","
                    + "\"'+1\",\"'-1\",\"said \"\"sorry\"\",\ttwice\",\"ops\",\"2\"",
                "",
            ],
            csv.Text.Split("\r\n"));
        var page = (await owner.GetAsync($"/accounts/{app}/statement?size=1")).Json;
        Assert.Equal(("credit", "10000"), (page.GetProperty("items")[0].GetProperty("kind").GetString(),
            page.GetProperty("items")[0].GetProperty("amount").GetProperty("units").GetString()));
        var next = page.GetProperty("next").GetString();
        Assert.Equal("2", (await owner.GetAsync($"/accounts/{app}/statement?size=1&cursor={next}")).Json.GetProperty("items")[0]
            .GetProperty("id").GetString());
    }

    [Fact]
    public async Task The_lines_of_an_account_are_its_hours_and_days_and_their_sum_is_the_account()
    {
        await using var gateway = await PayableGateway.StartAsync();
        using var owner = OwnersClient.Of(gateway);
        var app = gateway.NewApp();
        var now = gateway.Services.GetRequiredService<TimeProvider>().GetUtcNow();
        await gateway.PayAsync(app, 1_000);
        await gateway.Services.GetRequiredService<IBalanceLedger>().SpendAsync(AccountId.OfApp(app), 300, Stop);
        // Two days ago 400 were paid by packets, and 50 of it spent on requests; they are in the sums of now too.
        var then = (now.ToUnixTimeSeconds() / 3_600) - 48;
        var database = gateway.Services.GetRequiredService<RedisStore>().Connection.GetDatabase();
        var account = BalanceKeys.Account(AccountId.OfApp(app));
        await database.ListLeftPushAsync(BalanceKeys.Books(account)[0], $"{then},400,,,,,,50,,,,,,,");
        var totals = ((string)(await database.HashGetAsync(account, "totals"))!).Split(',');
        (totals[0], totals[1], totals[4], totals[10]) = ("1400", "350", "400", "50");
        await database.HashSetAsync(account,
            [new("totals", string.Join(',', totals)), new("credited", "1400"), new("spent", "350"), new("balance", "1050")]);

        async Task<string> Lines(string query) => string.Join(' ', (await owner.GetAsync($"/accounts/{app}/lines?{query}")).Json
            .GetProperty("items").EnumerateArray().Select(line => string.Join('/', Totals(line))));
        static string At(DateTimeOffset at) => Uri.EscapeDataString(at.ToString("O"));
        Assert.Equal("400/0/50/0 0/1000/0/300", await Lines($"step=hour&from={At(now.AddHours(-60))}"));
        Assert.Equal("400/0/50/0 0/1000/0/300", await Lines("step=day"));
        Assert.Equal("400/0/50/0 0/1000/0/300", await Lines(""));
        Assert.Equal("0/1000/0/300", await Lines($"step=hour&from={At(now.AddHours(-40))}"));
        Assert.Equal("400/0/50/0", await Lines($"step=hour&from={At(now.AddHours(-60))}&until={At(now.AddHours(-40))}"));
        Assert.Equal("", await Lines($"step=hour&from={At(now.AddHours(-40))}&until={At(now.AddHours(-30))}"));
        var last = (await owner.GetAsync($"/accounts/{app}/lines?step=hour")).Json.GetProperty("items")[0];
        Assert.Equal(0, last.GetProperty("start").GetDateTimeOffset().Minute);
        Assert.Equal(404, (await owner.GetAsync("/accounts/Not_an_id/lines")).Status);
        Assert.Equal("", await Lines("step=day&until=2026-01-01T00:00:00Z"));
    }

    [Fact]
    public async Task A_connectors_statement_has_what_it_came_to_owe_and_what_it_settled_by_whom_and_why_and_is_filtered()
    {
        await using var gateway = await PayableGateway.StartAsync();
        using var owner = OwnersClient.Of(gateway);
        using var connector = gateway.Connector();
        var payer = new PacketMaker(await gateway.SetUpAsync(gateway.NewApp()));
        foreach (var units in new ulong[] { 600, 30 })
            Assert.IsType<IlpFulfill>(await PacketMaker.SendAsync(connector, payer.Money(units)));
        await Eventually.TrueAsync<bool>("what it owes is booked", async () =>
            (await EntriesAsync("")) is [var only] && only.StartsWith("credit connector 630", StringComparison.Ordinal) ? true : null);
        var settled = await owner.PostAsync("/connectors/one:settle", new { units = "400", reason = "SEPA 0815" }, "0815");
        Assert.Equal(200, settled.Status);

        var all = await EntriesAsync("");
        Assert.Equal("adjustedDown  400 settings:0815 SEPA 0815 settings", all[0]);
        Assert.Equal(2, all.Length);
        Assert.Equal([all[0]], await EntriesAsync("kind=adjustedDown"));
        Assert.Equal([all[1]], await EntriesAsync("way=connector"));
        Assert.Equal([all[1]], await EntriesAsync("kind=credit&size=1"));
        Assert.Empty(await EntriesAsync("kind=refund"));
        var yesterday = Uri.EscapeDataString(TimeProvider.System.GetUtcNow().AddDays(-1).ToString("O"));
        Assert.Equal(all, await EntriesAsync($"from={yesterday}"));
        Assert.Empty(await EntriesAsync($"until={yesterday}"));
        var first = (await owner.GetAsync("/connectors/one/statement?size=1")).Json.GetProperty("next").GetString();
        Assert.Equal([all[1]], await EntriesAsync($"size=1&cursor={first}"));
        foreach (var wrong in new[] { "way=gold", "kind=gift", "from=1999-01-01", "cursor=x", "kind=credit&cursor=x", "size=0" })
            Assert.Equal(400, (await owner.GetAsync($"/connectors/one/statement?{wrong}")).Status);
        Assert.Equal(404, (await owner.GetAsync("/connectors/two/statement?kind=credit")).Status);

        async Task<string[]> EntriesAsync(string query) => [.. (await owner.GetAsync($"/connectors/one/statement?{query}")).Json
            .GetProperty("items").EnumerateArray().Select(entry => string.Join(' ', Text(entry, "kind"), Text(entry, "way"),
                entry.GetProperty("amount").GetProperty("units").GetString(), Text(entry, "reference"), Text(entry, "reason"),
                Text(entry, "by")))];
    }

    private static IEnumerable<string?> Totals(JsonElement line) => Shown.Select(
        kind => line.GetProperty("totals").GetProperty(kind).GetString());

    private static string? Text(JsonElement entry, string name) => entry.GetProperty(name).GetString();

    private static Task<PayableGateway> StartAsync(StagedBooks books) =>
        PayableGateway.StartAsync(services: services => services.AddSingleton<IBooks>(books));
}
