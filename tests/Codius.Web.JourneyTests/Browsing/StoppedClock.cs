using Microsoft.Playwright;

namespace Codius.Web.JourneyTests.Browsing;

/// <summary>A page's clock that a test alone moves: Playwright's own goes on by itself, however long a busy machine takes.</summary>
internal static class StoppedClock
{
    public static async Task StopClockAsync(this IPage page)
    {
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        await page.Clock.InstallAsync(new ClockInstallOptions { TimeDate = now });
        await page.Clock.PauseAtAsync(now.AddMinutes(1));
    }
}
