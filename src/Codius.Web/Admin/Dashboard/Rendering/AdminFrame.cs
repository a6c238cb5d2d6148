namespace Codius.Web.Admin.Dashboard.Rendering;

/// <summary>The data of the layout around every page of the dashboard.</summary>
/// <param name="Name">The name of the admin's token.</param>
/// <param name="FormToken">What every form of this session carries.</param>
/// <param name="Section">The entry of the navigation that is shown as the current one.</param>
public sealed record AdminFrame(string Name, string FormToken, string Section)
{
    /// <summary>The field of <see cref="FormToken"/>.</summary>
    public const string FormField = "form-token";

    /// <summary>The URL of the live parts; null for a page without.</summary>
    public string? Events { get; init; }

    /// <summary>The page has plots.</summary>
    public bool HasPlots { get; init; }
}
