using Codius.Testing.Stores;
using Codius.Web.Tests.Payments;

namespace Codius.Web.Tests.Admin.Dashboard;

/// <summary>The dashboard while the host's store is away: each URL that its routes have, also one that a later change adds.</summary>
public sealed class StoreAwayTests
{
    private const string Says = "The host&#x27;s store does not answer";

    // What they show is in memory or in the settings.
    private static readonly string[] NeedNoStore =
    [
        "/admin/tokens/make", "/admin/apps/hello/refund", "/admin/apps/hello/adjust", "/admin/apps/hello/wake", "/admin/apps/hello/sleep",
        "/admin/apps/hello/block", "/admin/connectors/one/settle", "/admin/wallets",
    ];

    [Fact]
    public async Task Every_page_says_so_and_no_form_does_half_of_what_it_should()
    {
        await using var redis = new RedisServer();
        await redis.StartAsync(TestContext.Current.CancellationToken);
        await using var gateway = await PayableGateway.StartAsync(redis);
        gateway.Deploy("hello");
        using var browser = new DashboardClient(gateway.ManagementPort);
        await browser.SignInAsync(PayableGateway.AdminToken);
        var fields = DashboardClient.FieldsOf(await browser.GetAsync("/admin/apps/hello/block"));
        await redis.KillAsync();

        var pages = await Task.WhenAll(DashboardRoute.Of(gateway).Where(route => route.IsPage).Select(async route =>
        {
            var page = await browser.GetAsync(route.Path);
            return $"{route.Path}: {page.Status}{(page.Text.Contains(Says, StringComparison.Ordinal) ? " says so" : "")}";
        }));
        Assert.Empty(pages.Where(page => !page.EndsWith(": 503 says so", StringComparison.Ordinal))
            .Except(NeedNoStore.Select(path => path + ": 200")));
        Assert.InRange(pages.Count(page => page.EndsWith(" says so", StringComparison.Ordinal)), 8, 100);

        fields["words"] = "Closed.";
        fields["reason"] = "a test";
        fields["sure"] = "yes";
        Assert.Equal(503, (await browser.PostAsync("/admin/apps/hello/block", fields)).Status);
    }
}
