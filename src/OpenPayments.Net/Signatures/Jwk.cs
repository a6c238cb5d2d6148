using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using NSec.Cryptography;

namespace OpenPayments.Net.Signatures;

/// <summary>An Ed25519 public key as JSON Web Key (RFC 8037): <c>{"kid","alg":"EdDSA","kty":"OKP","crv":"Ed25519","x"}</c>.</summary>
public sealed class Jwk
{
    private const int KeyLength = 32;

    internal Jwk(string keyId, PublicKey key) => (KeyId, PublicKey) = (keyId, key);

    /// <summary>The name signatures give it.</summary>
    public string KeyId { get; }

    /// <summary>The key itself.</summary>
    internal PublicKey PublicKey { get; }

    /// <summary>The key's own name, the same whatever it is called (RFC 7638).</summary>
    public string Thumbprint =>
        Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes($$"""{"crv":"Ed25519","kty":"OKP","x":"{{X}}"}""")));

    private string X => Base64Url.EncodeToString(PublicKey.Export(KeyBlobFormat.RawPublicKey));

    /// <summary>Reads a key; false for any other kind of key, and for one that is not usable.</summary>
    public static bool TryRead(JsonElement json, [NotNullWhen(true)] out Jwk? jwk)
    {
        jwk = null;
        if (json.ValueKind != JsonValueKind.Object || Text(json, "kty") != "OKP" || Text(json, "crv") != "Ed25519") return false;
        if (Text(json, "alg") is not (null or "EdDSA") || Text(json, "use") is not (null or "sig")) return false;
        if (Text(json, "kid") is not { Length: > 0 and <= 200 } kid || Text(json, "x") is not { Length: 43 } x) return false;
        var bytes = new byte[KeyLength];
        if (!Base64Url.TryDecodeFromChars(x, bytes, out var length) || length != KeyLength) return false;
        if (!PublicKey.TryImport(SignatureAlgorithm.Ed25519, bytes, KeyBlobFormat.RawPublicKey, out var key)) return false;
        jwk = new Jwk(kid, key!);
        return true;
    }

    /// <summary>Writes the key.</summary>
    public JsonObject ToJson() => new() { ["kid"] = KeyId, ["alg"] = "EdDSA", ["kty"] = "OKP", ["crv"] = "Ed25519", ["x"] = X };

    private static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
