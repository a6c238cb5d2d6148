using System.Text.RegularExpressions;
using Codius.Testing;
using Codius.Web.Admin.Dashboard.Overview;
using Codius.Web.Admin.Reading;
using Codius.Web.Balances.Books;
using Codius.Web.Hosting;
using Codius.Web.Tests.Admin.Api;
using Codius.Web.Tests.Payments;
using Interledger.Net.Packets;
using Microsoft.Extensions.DependencyInjection;

namespace Codius.Web.Tests.Admin.Dashboard;

/// <summary>What comes first on the dashboard's lists.</summary>
public sealed partial class OrderTests : IAsyncLifetime
{
    private readonly StagedBooks _books = new();
    private PayableGateway _gateway = null!;
    private DashboardClient _browser = null!;

    public async ValueTask InitializeAsync()
    {
        _gateway = await PayableGateway.StartAsync(services: services => services.AddSingleton<IBooks>(_books));
        foreach (var (name, units) in new[] { ("a-rich", 9_000UL), ("b-poor", 10UL), ("c-busy", 500UL), ("d-none", 0UL) })
        {
            _gateway.Deploy(name);
            if (units > 0) await _gateway.PayAsync(name, units);
        }
        (_books.Spent["c-busy"], _books.Spent["a-rich"]) = (100_000, 5);
        _browser = await DashboardClient.SignedInAsync(_gateway);
    }

    public async ValueTask DisposeAsync()
    {
        _browser.Dispose();
        await _gateway.DisposeAsync();
    }

    [Theory]
    [InlineData("", "c-busy a-rich d-none b-poor")]
    [InlineData("?sort=dry", "c-busy a-rich d-none b-poor")]
    [InlineData("?sort=spending", "c-busy a-rich b-poor d-none")]
    [InlineData("?sort=balance", "d-none b-poor c-busy a-rich")]
    [InlineData("?sort=name", "a-rich b-poor c-busy d-none")]
    public async Task Apps_come_in_the_order_that_was_asked_for(string query, string names) =>
        Assert.Equal(names.Split(' '), NamesIn((await _browser.GetAsync("/admin/apps" + query)).Text));

    [Fact]
    public async Task On_the_overview_those_come_first_that_run_dry_first()
    {
        var page = (await _browser.GetAsync("/admin/")).Text;
        var part = page[page.IndexOf("data-part=\"apps\"", StringComparison.Ordinal)..];

        Assert.Equal(["c-busy", "a-rich", "d-none", "b-poor"], NamesIn(part[..part.IndexOf("</section>", StringComparison.Ordinal)]));
    }

    [Fact]
    public void Connectors_come_first_that_owe_most_of_what_they_may()
    {
        ConnectorRow[] connectors =
        [
            new("much-of-more", 900, 10_000, 0, null), new("z-nothing", 0, 100, 0, null), new("most", 90, 100, 0, null),
            new("a-nothing", 0, 100, 0, null), new("a-little-unbounded", 1, 0, 0, null), new("z-much-unbounded", 2, 0, 0, null),
        ];

        Assert.Equal(["most", "much-of-more", "z-much-unbounded", "a-little-unbounded", "a-nothing", "z-nothing"],
            DebtsModel.Of(connectors, new Asset("USD", 9)).Debts.Select(debt => debt.Name));
    }

    [Fact]
    public async Task On_the_overview_and_when_it_changes_the_connector_comes_first_that_owes_most_of_what_it_may()
    {
        const string Other = "0123456789abcdef-another-connector";
        await using var gateway = await PayableGateway.StartAsync(settings:
            [$"Payments:Connectors:a-other={Other}", "Payments:MaxUnsettled=0.000001"]); // 1,000 units
        using var browser = await DashboardClient.SignedInAsync(gateway);
        var payer = new PacketMaker(await gateway.SetUpAsync(gateway.NewApp()));
        await PayAsync(PayableGateway.ConnectorToken, 600);
        await PayAsync(Other, 300);
        await ComesAsync("one a-other");
        await PayAsync(Other, 600);

        await ComesAsync("a-other one");

        // What is read is shown for some seconds.
        Task ComesAsync(string connectors) => Eventually.TrueAsync<bool>(connectors, async () =>
            string.Join(' ', ConnectorsIn((await browser.GetAsync("/admin/")).Text)) == connectors ? true : null);

        async Task PayAsync(string token, ulong units)
        {
            using var connector = gateway.Connector(token);
            Assert.IsType<IlpFulfill>(await PacketMaker.SendAsync(connector, payer.Money(units)));
        }
    }

    private static IEnumerable<string> ConnectorsIn(string html) => ConnectorLink().Matches(html).Select(match => match.Groups[1].Value);

    [GeneratedRegex("href=\"/admin/connectors/([a-z-]+)\"")]
    private static partial Regex ConnectorLink();

    private static IEnumerable<string> NamesIn(string html) =>
        AppLink().Matches(html).Select(match => match.Groups[1].Value).Distinct();

    [GeneratedRegex("href=\"/admin/apps/([a-z-]+)\"")]
    private static partial Regex AppLink();
}
