namespace Codius.Web.Admin.Dashboard.Rendering;

/// <summary>Something that is not there, and where to look instead.</summary>
public sealed record MissingModel(string Title, string Url, string Words)
{
    public static MissingModel App { get; } = new("There is no such app", "/admin/apps", "All apps");

    public static MissingModel Connector { get; } = new("There is no such connector", "/admin/", "Overview");

    public static MissingModel Token { get; } = new("There is no such token", "/admin/tokens", "All tokens");
}
