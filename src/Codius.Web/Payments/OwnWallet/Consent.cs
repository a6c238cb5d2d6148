namespace Codius.Web.Payments.OwnWallet;

/// <summary>A payment that waits for its payer's yes; it lives in the payer's own cookie, sealed, and nowhere else.</summary>
/// <param name="Nonce">Random: makes the consent one of its own, and is our half of the hash.</param>
/// <param name="FinishNonce">The wallet's half.</param>
/// <param name="AuthServer">Where the grant was asked for.</param>
/// <param name="ContinueUri">Where it is fetched.</param>
/// <param name="ContinueToken">With what.</param>
/// <param name="ResourceServer">Where the payment is made.</param>
/// <param name="Payer">The payer's wallet address.</param>
/// <param name="QuoteId">What it costs.</param>
/// <param name="Back">The path of the app to come back to.</param>
/// <param name="ExpiresAt">When it is void, in seconds since 1970.</param>
/// <param name="ContinueAt">When the wallet wants to be asked for the grant.</param>
/// <param name="Wait">How long it wants a client to wait before each request for it.</param>
internal sealed record Consent(
    string Nonce, string FinishNonce, Uri AuthServer, Uri ContinueUri, string ContinueToken, Uri ResourceServer, string Payer,
        string QuoteId, string Back, long ExpiresAt, DateTimeOffset ContinueAt, TimeSpan Wait)
{
    public override string ToString() => $"consent of {Payer}";
}
