using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(Codius.Web.JourneyTests.Browsing.Chrome))]

namespace Codius.Web.JourneyTests.Browsing;

/// <summary>The real Chromium that all tests of this suite share; each opens its own context in it.</summary>
public sealed class Chrome : IAsyncLifetime
{
    // Playwright's own switch (JavaScriptEnabled) does not render <noscript>.
    private const string NoScripts = "--blink-settings=scriptEnabled=false";

    private IPlaywright? _playwright;
    private IBrowser? _browser;
    private IBrowser? _withoutScripts;

    public IBrowser Browser => _browser!;

    /// <summary>The same browser with scripts switched off.</summary>
    public async Task<IBrowser> WithoutScriptsAsync() => _withoutScripts ??= await LaunchAsync(NoScripts);

    public async ValueTask InitializeAsync()
    {
        // A machine that runs many builds and tests at once is slow.
        Assertions.SetDefaultExpectTimeout(60_000);
        _playwright = await Playwright.CreateAsync();
        _browser = await LaunchAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        if (_withoutScripts is not null) await _withoutScripts.DisposeAsync();
        _playwright?.Dispose();
    }

    private Task<IBrowser> LaunchAsync(params string[] arguments) => _playwright!.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
    {
        ExecutablePath = Environment.GetEnvironmentVariable("CODIUS_TEST_CHROMIUM") ?? "/usr/bin/chromium",
        Args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking",
            "--disable-component-update", "--disable-sync", .. arguments],
    });
}
