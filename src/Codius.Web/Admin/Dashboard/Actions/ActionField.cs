namespace Codius.Web.Admin.Dashboard.Actions;

/// <summary>A field of an action's form.</summary>
/// <param name="Name">In the form.</param>
/// <param name="Label">For people.</param>
/// <param name="Value">What it begins with.</param>
/// <param name="Hint">What to write; null if the label says it.</param>
public sealed record ActionField(string Name, string Label, string Value = "", string? Hint = null)
{
    /// <summary>Text of several lines.</summary>
    public bool IsLong { get; init; }

    /// <summary>An amount: phones show digits.</summary>
    public bool IsAmount { get; init; }

    public bool IsRequired { get; init; } = true;

    /// <summary>The form carries it, and the admin does not fill it in.</summary>
    public bool IsHidden { get; init; }
}
