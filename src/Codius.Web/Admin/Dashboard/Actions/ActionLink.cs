namespace Codius.Web.Admin.Dashboard.Actions;

/// <summary>A button that leads to the page of an action.</summary>
public sealed record ActionLink(string Name, string Label, bool IsDangerous)
{
    /// <summary>What the button says that does it.</summary>
    public string Confirm { get; init; } = Label;
}
