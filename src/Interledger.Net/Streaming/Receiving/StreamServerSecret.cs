using System.Security.Cryptography;

namespace Interledger.Net.Streaming.Receiving;

/// <summary>A receiver's own secret, from which its address tokens and all shared secrets derive; prints as <c>***</c>.</summary>
public sealed class StreamServerSecret
{
    /// <summary>Length in bytes.</summary>
    public const int Length = 32;

    private readonly byte[] _tokenKey = new byte[32];
    private readonly byte[] _sharedSecretKey = new byte[32];

    /// <summary>Derives two keys from 32 bytes, which are not kept.</summary>
    /// <param name="keyId">
    /// The first byte of each token, which identifies its secret at a receiver with several; secrets that share one are tried in turn.
    /// </param>
    /// <param name="secret">Exactly 32 unpredictable bytes, the same on every replica.</param>
    /// <exception cref="ArgumentException">Another number of bytes.</exception>
    public StreamServerSecret(byte keyId, ReadOnlySpan<byte> secret)
    {
        if (secret.Length != Length)
            throw new ArgumentException("A server secret has 32 bytes.", nameof(secret));
        KeyId = keyId;
        HMACSHA256.HashData(secret, "ilp_stream_address_token"u8, _tokenKey);
        HMACSHA256.HashData(secret, "ilp_stream_shared_secret"u8, _sharedSecretKey);
    }

    /// <summary>The first byte of every token sealed with this secret; not secret itself.</summary>
    public byte KeyId { get; }

    internal ReadOnlySpan<byte> TokenKey => _tokenKey;

    /// <summary>Always <c>***</c>.</summary>
    /// <returns>Nothing that could be used.</returns>
    public override string ToString() => "***";

    /// <summary>
    /// The derivation that stateless receivers have in common: <c>HMAC(HMAC(server secret, "ilp_stream_shared_secret"), token)</c>.
    /// </summary>
    internal StreamSecret SharedSecretFor(ReadOnlySpan<byte> token)
    {
        Span<byte> secret = stackalloc byte[StreamSecret.Length];
        HMACSHA256.HashData(_sharedSecretKey, token, secret);
        return new StreamSecret(secret);
    }
}
