using Microsoft.Playwright;

namespace Codius.Web.JourneyTests.Browsing;

/// <summary>Screenshots, taken only if <c>CODIUS_TEST_SHOTS</c> names a folder for them.</summary>
internal static class Shots
{
    public static async Task TakeAsync(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("CODIUS_TEST_SHOTS") is { Length: > 0 } folder)
            await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, name + ".png"), FullPage = true });
    }
}
