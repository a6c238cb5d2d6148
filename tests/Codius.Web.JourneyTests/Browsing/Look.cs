using Microsoft.Playwright;

namespace Codius.Web.JourneyTests.Browsing;

/// <summary>The screens that pages are checked on: phone and desk, light and dark.</summary>
public sealed record Look(string Name, int Width, int Height, ColorScheme Scheme)
{
    public static TheoryData<Look> All { get; } =
    [
        new Look("phone-light", 360, 800, ColorScheme.Light),
        new Look("phone-dark", 360, 800, ColorScheme.Dark),
        new Look("desk-light", 1280, 900, ColorScheme.Light),
        new Look("desk-dark", 1280, 900, ColorScheme.Dark),
    ];

    public static Look Desk { get; } = new("desk-light", 1280, 900, ColorScheme.Light);

    public BrowserNewContextOptions Options => new()
    {
        ViewportSize = new ViewportSize { Width = Width, Height = Height },
        ColorScheme = Scheme,
        DeviceScaleFactor = 1,
        Locale = "en-GB",
    };

    public override string ToString() => Name;
}
