namespace Codius.Web.Admin.Api;

/// <summary>Why an admin changes something, as the audit log keeps it.</summary>
internal static class Reasons
{
    public const int MaxLength = 500;

    /// <summary>True for text of one line that says something.</summary>
    public static bool IsReason(string? text) =>
        text is { Length: <= MaxLength } && !string.IsNullOrWhiteSpace(text) && !text.Any(char.IsControl);
}
