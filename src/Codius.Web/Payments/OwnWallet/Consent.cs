using Codius.Web.Pages.Paying;

namespace Codius.Web.Payments.OwnWallet;

/// <summary>A payment that waits for its payer's consent; stored only in the payer's own cookie, sealed.</summary>
/// <param name="Nonce">Random: identifies the consent, and is our nonce in the interaction hash.</param>
/// <param name="FinishNonce">The wallet's nonce in the interaction hash.</param>
/// <param name="AuthServer">The authorization server the grant was requested from.</param>
/// <param name="ContinueUri">Where the grant is continued.</param>
/// <param name="ContinueToken">The access token for <paramref name="ContinueUri"/>.</param>
/// <param name="ResourceServer">The resource server, where the outgoing payment is created.</param>
/// <param name="Payer">The payer's wallet address.</param>
/// <param name="QuoteId">The quote the payer consents to.</param>
/// <param name="Back">The app's path to return to.</param>
/// <param name="ExpiresAt">When it expires, in seconds since 1970.</param>
/// <param name="ContinueAt">When the wallet lets the grant be continued (RFC 9635 section 5).</param>
/// <param name="Wait">How long the wallet wants a client to wait before each continuation request.</param>
/// <param name="Choice">The amount that the payer chose, to be chosen still after a refusal.</param>
/// <param name="Units">That amount in units.</param>
internal sealed record Consent(
    string Nonce, string FinishNonce, Uri AuthServer, Uri ContinueUri, string ContinueToken, Uri ResourceServer, string Payer,
    string QuoteId, string Back, long ExpiresAt, DateTimeOffset ContinueAt, TimeSpan Wait,
    AmountChoice Choice, ulong Units)
{
    public override string ToString() => $"consent of {Payer}";
}
