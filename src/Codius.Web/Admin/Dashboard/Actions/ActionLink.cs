namespace Codius.Web.Admin.Dashboard.Actions;

/// <summary>A button that leads to the page of an action.</summary>
public sealed record ActionLink(string Name, string Label, bool IsDangerous);
