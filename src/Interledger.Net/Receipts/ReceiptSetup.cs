namespace Interledger.Net.Receipts;

/// <summary>
/// What a receiver needs to issue receipts on a connection (RFC 39): the two headers <c>Receipt-Nonce</c> and <c>Receipt-Secret</c>.
/// </summary>
/// <param name="Nonce">Identifies the connection.</param>
/// <param name="Secret">Signs the receipts.</param>
public sealed record ReceiptSetup(ReceiptNonce Nonce, ReceiptSecret Secret)
{
    /// <summary>The request header of an SPSP query that carries the nonce, base64.</summary>
    public const string NonceHeader = "Receipt-Nonce";

    /// <summary>The request header of an SPSP query that carries the secret, base64.</summary>
    public const string SecretHeader = "Receipt-Secret";

    /// <summary>Reads the two headers of an SPSP query: both, or none.</summary>
    /// <param name="nonceHeader">The value of <see cref="NonceHeader"/>, null or empty when absent.</param>
    /// <param name="secretHeader">The value of <see cref="SecretHeader"/>, null or empty when absent.</param>
    /// <param name="setup">The setup; null if no receipts are requested.</param>
    /// <param name="error">
    /// <see cref="WireError.Incomplete"/> for one without the other, <see cref="WireError.InvalidBase64"/> or
    /// <see cref="WireError.WrongLength"/>.
    /// </param>
    /// <returns>False if the headers are not valid.</returns>
    public static bool TryParse(string? nonceHeader, string? secretHeader, out ReceiptSetup? setup, out WireError error)
    {
        setup = null;
        error = WireError.None;
        if (string.IsNullOrEmpty(nonceHeader) && string.IsNullOrEmpty(secretHeader))
            return true;
        if (string.IsNullOrEmpty(nonceHeader) || string.IsNullOrEmpty(secretHeader))
            error = WireError.Incomplete;
        else if (ReceiptNonce.TryParse(nonceHeader, out var nonce, out error)
            && ReceiptSecret.TryParse(secretHeader, out var secret, out error))
            setup = new ReceiptSetup(nonce, secret);
        return setup is not null;
    }
}
