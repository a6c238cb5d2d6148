using Microsoft.Playwright;

namespace Codius.Web.JourneyTests.Browsing;

/// <summary>The checks of every page: a screenshot for people, no findings of axe, no wider than the screen.</summary>
internal static class PageChecks
{
    public static async Task CheckAsync(IPage page, string name)
    {
        await page.EmulateMediaAsync(new PageEmulateMediaOptions { ReducedMotion = ReducedMotion.Reduce });
        await Shots.TakeAsync(page, name);
        Assert.Empty(await Axe.CheckAsync(page));
        Assert.False(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth > innerWidth"),
            $"{name} is wider than the screen");
    }
}
