using System.Security.Cryptography;
using System.Text;

namespace Codius.Web.Hosting.Secrets;

/// <summary>The secret of a host; every key derives from it under its own label (HKDF-SHA256).</summary>
internal sealed class HostSecret
{
    public const int Length = 32;

    private readonly byte[] _secret;

    public HostSecret(byte[] secret)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(secret.Length, Length);
        _secret = secret;
        KeyId = Derive("key id", 1)[0];
    }

    /// <summary>One byte that identifies the secret of an address token or a nonce; secrets that share it are tried in order.</summary>
    public byte KeyId { get; }

    public byte[] Derive(string label, int length = 32) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, _secret, length, info: Encoding.UTF8.GetBytes("codius.web " + label));

    public override string ToString() => "***";
}
