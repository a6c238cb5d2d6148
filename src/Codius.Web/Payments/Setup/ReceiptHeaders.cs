using Interledger.Net.Receipts;

namespace Codius.Web.Payments.Setup;

/// <summary>Reads <c>Receipt-Nonce</c> and <c>Receipt-Secret</c> of an SPSP query: the payer's own receipts (RFC 39).</summary>
internal static class ReceiptHeaders
{
    public const string Nonce = "Receipt-Nonce";
    public const string Secret = "Receipt-Secret";

    /// <summary>False with a fault if only one is there or one is not base64 of its length; true with no secret if neither is.</summary>
    public static bool TryRead(IHeaderDictionary headers, out ReceiptNonce nonce, out ReceiptSecret? secret, out string? fault)
    {
        (nonce, secret, fault) = (default, null, null);
        var (hasNonce, hasSecret) = (headers.ContainsKey(Nonce), headers.ContainsKey(Secret));
        if (!hasNonce && !hasSecret) return true;
        if (!hasNonce || !hasSecret) fault = "Receipt-Nonce and Receipt-Secret belong together: send both, or neither.";
        else if (!ReceiptNonce.TryParse(headers[Nonce], out nonce, out _)) fault = "Receipt-Nonce must be 16 bytes in base64.";
        else if (!ReceiptSecret.TryParse(headers[Secret], out secret, out _)) fault = "Receipt-Secret must be 32 bytes in base64.";
        return fault is null;
    }
}
