using Codius.Web.Admin.Actions;

namespace Codius.Web.Admin.Dashboard.Actions;

/// <summary>Why an app was not steered, for people.</summary>
internal static class SteeringOutcome
{
    /// <summary>Null if it was done.</summary>
    public static string? InWords(AppActionResult result) =>
        result.Problem is { } problem ? $"{problem.Title}. {problem.Detail}" : null;
}
