using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using OpenPayments.Net.Signatures;

namespace OpenPayments.Net.Clients;

/// <summary>The client of a grant request: a wallet address whose <c>jwks.json</c> has its keys, or a bare key.</summary>
/// <param name="Id">The same for the same client: <see cref="IdOf"/> its wallet address, or <c>jwk:</c> and its key's thumbprint.</param>
/// <param name="WalletAddress">Where the keys are fetched from; null for a bare key.</param>
/// <param name="Key">The bare key; null for a wallet address.</param>
internal sealed record Client(string Id, Uri? WalletAddress, Jwk? Key)
{
    private const int MaxLength = 512;
    private const int IdLength = 16;

    /// <summary>A hash of the client's name, 32 characters: it fits into a token, and a store need not know the client.</summary>
    public static string IdOf(string name) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, IdLength));

    /// <summary>The id of a client that is a bare key.</summary>
    public static string IdOfKey(Jwk key) => IdOf("jwk:" + key.Thumbprint);

    /// <summary>Reads the <c>client</c> member of a grant request: a string, <c>{"walletAddress"}</c> or <c>{"jwk"}</c>.</summary>
    /// <returns>The error for the client; null if <paramref name="client"/> was read.</returns>
    public static string? Read(JsonElement json, out Client? client)
    {
        client = null;
        if (json.ValueKind == JsonValueKind.String) return OfWalletAddress(json.GetString()!, out client);
        if (json.ValueKind != JsonValueKind.Object || json.EnumerateObject().Count() != 1)
            return "client must be a wallet address, {\"walletAddress\": ...} or {\"jwk\": ...}.";
        if (json.TryGetProperty("walletAddress", out var address) && address.ValueKind == JsonValueKind.String)
            return OfWalletAddress(address.GetString()!, out client);
        if (!json.TryGetProperty("jwk", out var jwk) || !Jwk.TryRead(jwk, out var key))
            return "client.jwk must be an Ed25519 public key with kty OKP, crv Ed25519, kid and x.";
        client = new Client(IdOfKey(key), null, key);
        return null;
    }

    /// <summary>The client of a wallet address that is already known to be one.</summary>
    public static string? OfWalletAddress(string text, out Client? client)
    {
        client = null;
        if (text.Length > MaxLength || !Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("https" or "http"))
            return "client must be the URL of a wallet address.";
        if (url.UserInfo.Length > 0 || url.Query.Length > 0 || url.Fragment.Length > 0)
            return "client must be a wallet address without user, query or fragment.";
        client = new Client(IdOf(text), url, null);
        return null;
    }
}
