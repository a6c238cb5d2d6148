using Codius.Testing;
using Codius.Web.Admin.Dashboard.Live;
using Codius.Web.Admin.Dashboard.Traffic;
using Codius.Web.Apps;
using Codius.Web.Tests.Payments;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Codius.Web.Tests.Admin.Dashboard.Traffic;

/// <summary>What the dashboard counts of visits through a gateway.</summary>
public sealed class TrafficTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Visits_402_and_errors_are_counted_by_app_and_come_in_the_feed()
    {
        var status = StatusCodes.Status200OK;
        await using var app = await CountedApp.StartAsync(context =>
        {
            context.Response.StatusCode = status;
            return "an answer";
        });
        await using var gateway = await HelloGateway.StartAsync();
        gateway.Serve("hello", app.Address);
        gateway.Deploy("poor");
        await gateway.PayAsync("hello", 1_000_000_000);
        gateway.Apps.Set("hello", new AppState.Awake(app.Address));
        for (var i = 0; i < 3; i++) Assert.Equal(200, await VisitAsync(gateway, "hello"));
        Assert.Equal(402, await VisitAsync(gateway, "poor"));
        status = StatusCodes.Status500InternalServerError;
        for (var i = 0; i < 2; i++) Assert.Equal(500, await VisitAsync(gateway, "hello"));
        gateway.Apps.OnWake = _ => new AppState.Failed("It does not start.");
        gateway.Apps.Set("hello", AppState.Asleep);
        Assert.Equal(503, await VisitAsync(gateway, "hello"));

        var failed = gateway.Services.GetRequiredService<FailedVisits>();
        await Eventually.TrueAsync("all visits have ended", () => (failed.Unpaid, failed.Errors) == (1, 3));
        var last = gateway.Services.GetRequiredService<VisitPulse>().Read()[^1];
        Assert.Equal((1, 3), (last.Unpaid, last.Errors));
        Assert.InRange(last.Visits, 5, 6);
        var happenings = gateway.Services.GetRequiredService<Happenings>();
        await Eventually.TrueAsync("both are in the feed", () =>
            happenings.Newest.Any(each => each is { Account: "poor", Kind: "unpaid", Text: "had no money for 1 visit" })
            && happenings.Newest.Any(each => each is { Account: "hello", Kind: "erred", Text: "failed 3 visits" }));
        using var browser = new DashboardClient(gateway.ManagementPort);
        await browser.SignInAsync(PayableGateway.AdminToken);
        Assert.Contains("failed 3 visits", (await browser.GetAsync("/admin/")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_taken_is_counted_once_and_the_names_between_two_readings_are_bounded()
    {
        var failed = new FailedVisits();
        failed.CountUnpaid("a");
        failed.CountError("a");

        Assert.Equal([new FailedVisitCount("a", 1, 1)], failed.Take());
        Assert.Empty(failed.Take());
        for (var i = 0; i < 3_000; i++) failed.CountUnpaid($"app-{i}");

        Assert.Equal(1_000, failed.Take().Count);
        Assert.Equal(3_001, failed.Unpaid);
    }

    private static async Task<int> VisitAsync(PayableGateway gateway, string app)
    {
        using var answer = await gateway.Http.GetAsync(new Uri(GatewayUnderTest.UrlOf(app)), Stop);
        return (int)answer.StatusCode;
    }
}
