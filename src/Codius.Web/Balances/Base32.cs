using System.Buffers;

namespace Codius.Web.Balances;

/// <summary>RFC 4648 base32 in lower case without padding: the form of manifest hashes and of deploy-token accounts.</summary>
internal static class Base32
{
    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz234567";

    private static readonly SearchValues<char> Characters = SearchValues.Create(Alphabet);

    /// <summary>True if the text has only base32 characters.</summary>
    public static bool IsText(ReadOnlySpan<char> text) => !text.ContainsAnyExcept(Characters);

    public static string Encode(ReadOnlySpan<byte> bytes)
    {
        var text = new char[(bytes.Length * 8 + 4) / 5];
        int buffer = 0, bits = 0, at = 0;
        foreach (var value in bytes)
        {
            buffer = (buffer << 8) | value;
            for (bits += 8; bits >= 5;)
            {
                bits -= 5;
                text[at++] = Alphabet[(buffer >> bits) & 31];
            }
            buffer &= (1 << bits) - 1;
        }
        if (bits > 0) text[at] = Alphabet[(buffer << (5 - bits)) & 31];
        return new string(text);
    }
}
