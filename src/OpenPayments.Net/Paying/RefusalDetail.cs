using System.Globalization;
using System.Text;
using System.Text.Json;

namespace OpenPayments.Net.Paying;

/// <summary>
/// Reads what a wallet says about its refusal, from <c>error.description</c> and <c>error.details</c>, such as the least amount that it
/// sends. It is another server's text: made one line of letters and signs, and shortened.
/// </summary>
internal static class RefusalDetail
{
    private const int MaxLength = 200;
    private const int MaxDetails = 4;

    /// <summary>The line; null if there is none.</summary>
    public static string? Read(JsonElement response)
    {
        if (Json.Member(response, "error") is not { ValueKind: JsonValueKind.Object } error) return null;
        var parts = new List<string>();
        if (Json.Text(error, "description") is { } description) parts.Add(description);
        if (Json.Member(error, "details") is { } details) parts.AddRange(Describe(details));
        var line = OneLine(string.Join("; ", parts));
        return line.Length == 0 ? null : line;
    }

    private static IEnumerable<string> Describe(JsonElement details)
    {
        if (details.ValueKind == JsonValueKind.String) return [details.GetString()!];
        if (details.ValueKind != JsonValueKind.Object) return [];
        return details.EnumerateObject().Select(member => (member.Name, Value: ValueOf(member.Value)))
            .Where(member => member.Value is not null).Take(MaxDetails).Select(member => $"{Words(member.Name)}: {member.Value}");
    }

    private static string? ValueOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number => value.GetRawText(),
        JsonValueKind.Object => AmountOf(value),
        _ => null,
    };

    /// <summary>An amount as people write it: <c>{"value":"150","assetCode":"EUR","assetScale":2}</c> is 1.50 EUR.</summary>
    private static string? AmountOf(JsonElement amount)
    {
        if (Json.Member(amount, "value") is not { } value || Json.Text(amount, "assetCode") is not { Length: <= 12 } code
            || Json.Member(amount, "assetScale") is not { ValueKind: JsonValueKind.Number } scale
            || !scale.TryGetInt32(out var digits) || digits is < 0 or > 18
            || !ulong.TryParse(ValueOf(value), NumberStyles.None, CultureInfo.InvariantCulture, out var units))
            return null;
        var text = units.ToString("D" + (digits + 1).ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        return digits == 0 ? $"{text} {code}" : $"{text[..^digits]}.{text[^digits..]} {code}";
    }

    /// <summary>A name such as <c>minSendAmount</c> as words.</summary>
    private static string Words(string name) =>
        string.Concat(name.Select(letter => char.IsAsciiLetterUpper(letter) ? $" {char.ToLowerInvariant(letter)}" : $"{letter}"));

    // Line breaks, and signs that turn the direction of a text or show as nothing, could disguise where the quotation ends.
    private static string OneLine(string text)
    {
        var line = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (line.Length + rune.Utf16SequenceLength >= MaxLength)
            {
                line.Append('\u2026');
                break;
            }
            if (Rune.IsWhiteSpace(rune) || Rune.IsControl(rune))
            {
                if (line.Length > 0 && line[^1] != ' ') line.Append(' ');
            }
            else if (Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Format or UnicodeCategory.PrivateUse
                or UnicodeCategory.OtherNotAssigned))
            {
                line.Append(rune.Value is '"' or '\u201C' or '\u201D' ? new Rune('\'') : rune);
            }
        }
        return line.ToString().Trim();
    }
}
