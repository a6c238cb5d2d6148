using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Codius.Web.Apps.Manifests;

/// <summary>
/// The rules for the annotations that present an app on the host's pages: plain text, and a small picture that is in the page.
/// </summary>
internal static partial class PresentationRules
{
    private const int MaxTitle = 60;
    private const int MaxDescription = 200;
    private const int MaxIcon = 4096;

    public static IReadOnlyList<string> Names { get; } = [AppAnnotations.Title, AppAnnotations.Description, AppAnnotations.Icon];

    public static IEnumerable<ValidationError> Check(string path, IReadOnlyDictionary<string, string> annotations) =>
        from name in Names
        where annotations.ContainsKey(name)
        let fault = FaultOf(name, annotations[name])
        where fault is not null
        select new ValidationError($"{path}.{name}", fault);

    /// <summary>The fault of one of the annotations; null for none.</summary>
    public static string? FaultOf(string name, string value) => name switch
    {
        AppAnnotations.Title => FaultOfText(value, MaxTitle),
        AppAnnotations.Description => FaultOfText(value, MaxDescription),
        _ => FaultOfIcon(value),
    };

    /// <summary>The fault of a text of one line; null for none.</summary>
    public static string? FaultOfText(string text, int most)
    {
        if (text.Length == 0 || text.Trim() != text) return "must not be empty, nor begin or end with a space";
        if (new StringInfo(text).LengthInTextElements > most || text.Length > 4 * most) return $"must have at most {most} characters";
        return IsPlain(text) ? null : "must be one line of plain text, without control characters or marks that turn the direction of text";
    }

    // Joiners are needed by emoji and by several scripts; other format characters could make a text read as another one.
    private static bool IsPlain(string text)
    {
        for (var at = 0; at < text.Length;)
        {
            if (!Rune.TryGetRuneAt(text, at, out var rune)) return false;
            if (rune.Value is not (0x200C or 0x200D) && Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse
                or UnicodeCategory.OtherNotAssigned) return false;
            at += rune.Utf16SequenceLength;
        }
        return true;
    }

    // In the page itself: another host would learn who reads it, and the app is asleep.
    private static string? FaultOfIcon(string icon)
    {
        if (icon.Length > MaxIcon) return $"must have at most {MaxIcon} characters: make the picture smaller, such as 64 by 64 pixels";
        return DataUrl().IsMatch(icon) ? null
            : "must be a data: URL in base64 of a PNG, JPEG, WebP or SVG picture: data:image/png;base64,...";
    }

    [GeneratedRegex(@"\Adata:image/(png|jpeg|webp|svg\+xml);base64,([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?\z",
        RegexOptions.CultureInvariant)]
    private static partial Regex DataUrl();
}
