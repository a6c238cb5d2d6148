using Codius.Web.Balances;
using Codius.Web.Balances.Books;
using Codius.Web.Tests.Payments;

namespace Codius.Web.Tests.Admin.Dashboard;

/// <summary>How much work the pages of a host with many apps are: calls of the ledger and of the books, and bytes.</summary>
public sealed class FiveHundredAppsTests
{
    private const int Apps = 500;

    /// <summary>For the rows of a page, its plot and statement.</summary>
    private const int OfAPage = 200;

    /// <summary>An order by money reads each app's account and its last hours; both are remembered for some seconds.</summary>
    private const int OfAnOrder = 2 * Apps;

    private const int Bytes = 200_000;

    [Fact]
    public async Task Each_page_reads_no_more_than_its_rows_or_each_app_once_and_is_of_bounded_size()
    {
        var calls = 0;
        void Called() => Interlocked.Increment(ref calls);
        await using var gateway = await PayableGateway.StartAsync(services: services => services
            .Wrap<IBooks>(books => CallCounter.Around(books, Called))
            .Wrap<IBalanceLedger>(ledger => CallCounter.Around(ledger, Called)));
        gateway.Deploy("hello");
        for (var i = 1; i < Apps; i++) gateway.Deploy($"app-{i:000}");
        using var browser = new DashboardClient(gateway.ManagementPort);
        await browser.SignInAsync(PayableGateway.AdminToken);
        var pages = DashboardRoute.Of(gateway).Where(route => route.IsPage && !route.Path.EndsWith("/revoke", StringComparison.Ordinal))
            .Select(route => route.Path).Concat(["/admin/apps?sort=name", "/admin/apps?q=app-4", "/admin/apps?sort=spending&state=asleep"]);

        var faults = new List<string>();
        foreach (var path in pages)
        {
            var before = Volatile.Read(ref calls);
            var page = await browser.GetAsync(path);
            var made = Volatile.Read(ref calls) - before;
            var ordersByMoney = path is "/admin" or "/admin/apps" or "/admin/apps?q=app-4" or "/admin/apps?sort=spending&state=asleep";
            if (page.Status != 200) faults.Add($"{path}: {page.Status}");
            if (made > (ordersByMoney ? OfAnOrder + OfAPage : OfAPage)) faults.Add($"{path}: {made} calls");
            if (page.Text.Length > Bytes) faults.Add($"{path}: {page.Text.Length} bytes");
        }

        Assert.Empty(faults);
        Assert.True(calls > Apps, "Nothing was counted");
    }
}
