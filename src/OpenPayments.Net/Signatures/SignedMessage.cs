using System.Text;

namespace OpenPayments.Net.Signatures;

/// <summary>The parts of an HTTP request that a signature can cover.</summary>
/// <param name="Method">The method, in upper case.</param>
/// <param name="TargetUri">The URL as the client wrote it: public scheme and host, path and query to the letter.</param>
/// <param name="Header">Gives a header's value (several lines joined by a comma and a space); null if absent.</param>
/// <param name="Body">The body's exact bytes; empty for none.</param>
internal sealed record SignedMessage(string Method, string TargetUri, Func<string, string?> Header, ReadOnlyMemory<byte> Body)
{
    /// <summary>The bytes that are signed (RFC 9421, 2.5); null if a covered component is absent or unknown.</summary>
    public byte[]? SignatureBase(IEnumerable<string> components, string signatureParams)
    {
        var text = new StringBuilder();
        foreach (var component in components)
        {
            var value = component switch
            {
                "@method" => Method,
                "@target-uri" => TargetUri,
                ['@', ..] => null,
                _ => Header(component)?.Trim(),
            };
            if (value is null) return null;
            text.Append('"').Append(component).Append("\": ").Append(value).Append('\n');
        }
        return Encoding.UTF8.GetBytes(text.Append("\"@signature-params\": ").Append(signatureParams).ToString());
    }
}
