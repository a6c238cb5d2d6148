namespace Codius.Web.Pages.Paying;

/// <summary>The path of the app that a visitor returns to after paying.</summary>
internal static class BackPath
{
    private const int MaxLength = 512;

    /// <summary>The path; the app's front page for anything that would lead elsewhere.</summary>
    public static string Of(string? path) =>
        path is ['/', ..] and { Length: <= MaxLength } && !path.StartsWith("//", StringComparison.Ordinal)
            && path.All(character => character is > ' ' and <= '~' and not '\\')
            && !path.StartsWith("/.well-known/codius/", StringComparison.Ordinal) ? path : "/";
}
