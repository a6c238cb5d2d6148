using System.Security.Cryptography;
using System.Text;

namespace Interledger.Net.AspNetCore;

/// <summary>
/// Authenticates peers by Bearer token, compared in constant time: how long it takes says how long a token is, and no more.
/// </summary>
public sealed class IlpPeerTokens
{
    private const string Scheme = "Bearer ";
    private const int MaxTokenLength = 1024;

    private readonly (string Peer, byte[] Token)[] _tokens;

    /// <summary>Creates the list. One peer may have several tokens (during a rotation).</summary>
    /// <param name="tokens">Pairs of peer name and token; at least one, no token empty, none twice.</param>
    /// <exception cref="ArgumentException">A name or a token is empty, a token is listed twice, or there is none.</exception>
    public IlpPeerTokens(IEnumerable<(string Peer, string Token)> tokens)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        _tokens = [.. tokens.Select(Encoded)];
        if (_tokens.Length == 0) throw new ArgumentException("At least one peer with a token is needed.", nameof(tokens));
        if (_tokens.Select(token => Convert.ToHexString(token.Token)).Distinct().Count() < _tokens.Length)
            throw new ArgumentException("A token can belong to one peer only, and is listed once.", nameof(tokens));
    }

    /// <summary>Creates the list for one peer.</summary>
    /// <param name="peer">The peer's name.</param>
    /// <param name="token">The token the peer sends; not empty.</param>
    public IlpPeerTokens(string peer, string token) : this([(peer, token)])
    {
    }

    /// <summary>Finds the peer by the value of an <c>Authorization</c> header.</summary>
    /// <param name="authorization">The header's value, <c>Bearer ...</c>; null and other schemes match no peer.</param>
    /// <returns>The peer's name, or null if no peer has the token. Every token is compared, each in constant time.</returns>
    public string? Find(string? authorization)
    {
        if (authorization is null || authorization.Length > MaxTokenLength
            || !authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)) return null;

        var token = authorization.AsSpan(Scheme.Length).Trim(' ');
        Span<byte> bytes = stackalloc byte[Encoding.UTF8.GetMaxByteCount(MaxTokenLength)];
        var given = bytes[..Encoding.UTF8.GetBytes(token, bytes)];
        string? found = null;
        foreach (var (peer, expected) in _tokens)
            if (CryptographicOperations.FixedTimeEquals(given, expected)) found = peer;
        return found;
    }

    private static (string Peer, byte[] Token) Encoded((string Peer, string Token) pair)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(pair.Peer, nameof(pair.Peer));
        ArgumentException.ThrowIfNullOrWhiteSpace(pair.Token, nameof(pair.Token));
        return (pair.Peer, Encoding.UTF8.GetBytes(pair.Token));
    }
}
