namespace Codius.Web.Admin.Dashboard.Audit;

/// <summary>A page of what admins changed, the newest first.</summary>
/// <param name="Lines">The changes.</param>
/// <param name="Next">The cursor of older ones; null if there are none.</param>
/// <param name="IsLater">This is not the newest page.</param>
public sealed record ChangesModel(IReadOnlyList<ChangesModel.Line> Lines, string? Next, bool IsLater)
{
    /// <summary>The name of the token that made them; null for any.</summary>
    public string? By { get; init; }

    /// <summary>What they are about; null for anything.</summary>
    public string? Subject { get; init; }

    public bool IsFiltered => By is not null || Subject is not null;

    public string UrlOf(string? cursor) => "/admin/audit" + QueryString.Create(
        new Dictionary<string, string?> { ["by"] = By, ["subject"] = Subject, ["cursor"] = cursor }
            .Where(pair => !string.IsNullOrEmpty(pair.Value)));

    /// <summary>One change.</summary>
    public sealed record Line(
        DateTimeOffset At, string By, string? From, string Action, string Subject, string? Detail, string? Reason, string Outcome)
    {
        /// <summary>The page of what it is about; null for none.</summary>
        public string? Url { get; init; }
    }
}
