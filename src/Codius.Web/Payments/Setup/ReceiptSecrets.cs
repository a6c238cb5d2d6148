using System.Security.Cryptography;
using System.Text;
using Codius.Web.Balances;
using Codius.Web.Hosting.Secrets;
using Interledger.Net.Receipts;

namespace Codius.Web.Payments.Setup;

/// <summary>
/// Derives the receipt secret that is sent with a nonce to the receiving wallet, and derives it again to verify a receipt.
/// Its input is the host's secret, the nonce and, unless the nonce is unbound, the account: a receipt posted to another account
/// does not verify.
/// </summary>
internal sealed class ReceiptSecrets(HostSecrets secrets)
{
    private readonly (byte KeyId, byte[] Key)[] _keys = [.. secrets.All.Select(secret => (secret.KeyId, secret.Derive("receipt secret")))];

    /// <summary>A fresh nonce with its secret; without an account, one that the first account to be credited claims.</summary>
    public (ReceiptNonce Nonce, ReceiptSecret Secret) Issue(DateTimeOffset now, AccountId? account, int scale)
    {
        var (keyId, key) = _keys[0];
        var nonce = IssuedNonce.Create(now, unbound: account is null, keyId, scale);
        return (nonce, Derive(key, nonce, account));
    }

    /// <summary>
    /// The secrets that may have signed a receipt with this nonce: one, or more if the host's secrets share a key id.
    /// </summary>
    public IEnumerable<ReceiptSecret> Candidates(ReceiptNonce nonce, AccountId account)
    {
        var read = IssuedNonce.Read(nonce);
        return _keys.Where(key => key.KeyId == read.KeyId).Select(key => Derive(key.Key, nonce, read.Unbound ? null : account));
    }

    // The nonce has a fixed length, so the concatenation with the account is unambiguous.
    private static ReceiptSecret Derive(byte[] key, ReceiptNonce nonce, AccountId? account)
    {
        Span<byte> input = stackalloc byte[ReceiptNonce.Length + AccountId.MaxLength];
        Span<byte> secret = stackalloc byte[ReceiptSecret.Length];
        nonce.CopyTo(input);
        var length = ReceiptNonce.Length + Encoding.ASCII.GetBytes(account?.ToString() ?? "", input[ReceiptNonce.Length..]);
        HMACSHA256.HashData(key, input[..length], secret);
        return new ReceiptSecret(secret);
    }
}
