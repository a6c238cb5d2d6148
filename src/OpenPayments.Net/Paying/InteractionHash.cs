using System.Security.Cryptography;
using System.Text;

namespace OpenPayments.Net.Paying;

/// <summary>
/// The hash that comes back with a payer: proof that the answer is the wallet's, to this very question (RFC 9635, 4.2.3).
/// </summary>
public static class InteractionHash
{
    /// <summary>The hash as wallets write it: SHA-256, base64.</summary>
    /// <param name="clientNonce">The nonce of the client's grant request.</param>
    /// <param name="finishNonce">The nonce of the wallet's response.</param>
    /// <param name="reference">The <c>interact_ref</c> that came back.</param>
    /// <param name="grantEndpoint">Where the grant was requested.</param>
    public static string Of(string clientNonce, string finishNonce, string reference, string grantEndpoint) =>
        Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes($"{clientNonce}\n{finishNonce}\n{reference}\n{grantEndpoint}")));

    /// <summary>True if the hash is right for the authorization server, whichever way wallets write its URL.</summary>
    public static bool IsRight(string hash, string clientNonce, string finishNonce, string reference, Uri authServer)
    {
        // The specification writes base64url without padding, wallets write base64.
        var shown = Encoding.UTF8.GetBytes(hash.Replace('-', '+').Replace('_', '/').TrimEnd('='));
        var url = authServer.AbsoluteUri.TrimEnd('/');
        // Some wallets hash the URL with a slash, some its origin alone; the security is in the nonces.
        foreach (var endpoint in new[] { authServer.AbsoluteUri, url, url + "/", authServer.GetLeftPart(UriPartial.Authority) + "/" })
        {
            var expected = Encoding.UTF8.GetBytes(Of(clientNonce, finishNonce, reference, endpoint).TrimEnd('='));
            if (CryptographicOperations.FixedTimeEquals(expected, shown)) return true;
        }
        return false;
    }
}
