using Microsoft.Playwright;

namespace Codius.Web.JourneyTests.Browsing;

/// <summary>What every page must be, whatever it says: a picture to look at, nothing axe finds, no wider than the screen.</summary>
internal static class PageChecks
{
    public static async Task LooksGoodAsync(IPage page, string name)
    {
        await page.EmulateMediaAsync(new PageEmulateMediaOptions { ReducedMotion = ReducedMotion.Reduce });
        await Shots.TakeAsync(page, name);
        Assert.Empty(await Axe.LookAtAsync(page));
        Assert.False(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth > innerWidth"),
            $"{name} is wider than the screen");
    }
}
