using System.Buffers;
using System.Buffers.Text;

namespace Interledger.Net;

/// <summary>Decodes base64 and base64url, padded or not: peers use either where the RFCs say "base64".</summary>
internal static class AnyBase64
{
    /// <summary>Decodes text that must fill the destination.</summary>
    public static WireError Decode(ReadOnlySpan<char> text, Span<byte> destination)
    {
        text = text.TrimEnd('=');
        var maximum = Base64Url.GetMaxDecodedLength(text.Length);
        if (maximum > destination.Length)
            return text.ContainsAnyExcept(Alphabet) ? WireError.InvalidBase64 : WireError.WrongLength;
        Span<char> url = stackalloc char[text.Length];
        text.Replace(url, '+', '-');
        url.Replace('/', '_');
        if (text.ContainsAnyExcept(Alphabet)
            || Base64Url.DecodeFromChars(url, destination, out _, out var written) != OperationStatus.Done)
            return WireError.InvalidBase64;
        return written == destination.Length ? WireError.None : WireError.WrongLength;
    }

    private static readonly SearchValues<char> Alphabet =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_");
}
