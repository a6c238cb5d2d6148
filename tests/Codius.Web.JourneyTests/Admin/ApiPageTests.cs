using System.Collections.Concurrent;
using Codius.Testing;
using Codius.Web.JourneyTests.Browsing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Codius.Web.JourneyTests.Admin;

/// <summary>The page of the owner's API, in a browser that has the admin token as its password.</summary>
public sealed class ApiPageTests(Chrome chrome)
{
    private const string Token = "0123456789abcdef-the-admin";

    [Fact]
    public async Task It_shows_every_operation_asks_no_other_host_for_anything_and_keeps_to_its_policy()
    {
        await using var gateway = await GatewayUnderTest.StartAsync([$"Admin:Token={Token}"]);
        var origin = $"http://127.0.0.1:{gateway.ManagementPort}";
        await using var context = await chrome.Browser.NewContextAsync(
            new BrowserNewContextOptions { HttpCredentials = new HttpCredentials { Username = "owner", Password = Token } });
        var page = await context.NewPageAsync();
        var errors = PageErrors.Of(page);
        var elsewhere = new ConcurrentQueue<string>();
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(origin, StringComparison.Ordinal) && !request.Url.StartsWith("data:", StringComparison.Ordinal)
                && !request.Url.StartsWith("blob:", StringComparison.Ordinal)) elsewhere.Enqueue(request.Url);
        };

        await page.GotoAsync(origin + "/admin/api/", new() { Timeout = 120_000 });

        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Codius host: the owner's API" })).ToBeVisibleAsync();
        await Expect(page.GetByText("/admin/api/v1/summary").First).ToBeVisibleAsync();
        Assert.Empty(elsewhere);
        Assert.Empty(errors);
    }
}
