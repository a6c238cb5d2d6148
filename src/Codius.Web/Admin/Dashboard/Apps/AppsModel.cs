namespace Codius.Web.Admin.Dashboard.Apps;

/// <summary>A page of the list of apps.</summary>
public sealed record AppsModel(AppsTableModel Table, int Count, string? Next)
{
    /// <summary>A part of the names; null for all.</summary>
    public string? Search { get; init; }

    /// <summary>Only apps in this state; null for all.</summary>
    public string? State { get; init; }

    /// <summary>The order.</summary>
    public string Sort { get; init; } = "dry";

    /// <summary>True beyond the first page.</summary>
    public bool IsLater { get; init; }

    public string UrlOf(string? cursor) => "/admin/apps" + QueryString.Create(
        new Dictionary<string, string?> { ["q"] = Search, ["state"] = State, ["sort"] = Sort, ["cursor"] = cursor }
            .Where(pair => !string.IsNullOrEmpty(pair.Value)));
}
