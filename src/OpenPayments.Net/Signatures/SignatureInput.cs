using System.Globalization;

namespace OpenPayments.Net.Signatures;

/// <summary>
/// One member of a Signature-Input header (RFC 9421, 4.1), as Open Payments clients send it:
/// <c>sig1=("@method" "@target-uri" "content-digest");keyid="k";created=1700000000</c>.
/// </summary>
/// <param name="Label">The member's name; the Signature header has the signature under the same.</param>
/// <param name="Components">What is covered, in the order it was signed.</param>
/// <param name="KeyId">Which of the client's keys signed.</param>
/// <param name="Created">When, in seconds since 1970; null if not said.</param>
/// <param name="Raw">The member's value to the letter: the last line of the signature base repeats it.</param>
internal sealed record SignatureInput(string Label, IReadOnlyList<string> Components, string KeyId, long? Created, string Raw)
{
    /// <summary>Longest header that is read at all.</summary>
    private const int MaxLength = 2048;

    /// <summary>Reads a header with one member; false for anything the clients of Open Payments do not send.</summary>
    public static bool TryParse(string? header, out SignatureInput? input)
    {
        input = null;
        if (header is null || header.Length > MaxLength) return false;
        var equals = header.IndexOf('=', StringComparison.Ordinal);
        if (equals <= 0) return false;
        var label = header[..equals].Trim();
        var raw = header[(equals + 1)..].Trim();
        if (!raw.StartsWith('(')) return false;
        var close = raw.IndexOf(')', StringComparison.Ordinal);
        if (close < 0 || !TryReadComponents(raw[1..close], out var components)) return false;
        if (!TryReadParameters(raw[(close + 1)..], out var keyId, out var created) || keyId is null) return false;
        input = new SignatureInput(label, components, keyId, created, raw);
        return true;
    }

    private static bool TryReadComponents(string text, out List<string> components)
    {
        components = [];
        foreach (var item in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            // A component with parameters (;req, ;key=...) is never needed here and is refused.
            if (item.Length < 3 || item[0] != '"' || item[^1] != '"' || item[1..^1].Contains('"', StringComparison.Ordinal)) return false;
            var name = item[1..^1];
            if (name.Any(char.IsAsciiLetterUpper) || components.Contains(name)) return false;
            components.Add(name);
        }
        return components.Count > 0;
    }

    private static bool TryReadParameters(string text, out string? keyId, out long? created)
    {
        keyId = null;
        created = null;
        foreach (var parameter in text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var equals = parameter.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0) return false;
            var value = parameter[(equals + 1)..];
            switch (parameter[..equals])
            {
                case "keyid":
                    if (value.Length < 3 || value[0] != '"' || value[^1] != '"' || value.Contains('\\', StringComparison.Ordinal))
                        return false;
                    keyId = value[1..^1];
                    break;
                case "created":
                    if (!long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)) return false;
                    created = seconds;
                    break;
                case "alg":
                    if (value != "\"ed25519\"") return false;
                    break;
            }
        }
        return true;
    }
}
