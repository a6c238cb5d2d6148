using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using OpenPayments.Net.Clients;
using OpenPayments.Net.Signatures;

namespace OpenPayments.Net.Grants;

/// <summary>
/// Seals a grant into its tokens (AES-256-GCM) and opens them again. Nobody but this host can make or read one, so
/// nothing is stored until a grant is cancelled. The access token and the continuation token differ in their first byte.
/// </summary>
/// <param name="keys">32-byte keys; the first one seals, all open.</param>
public sealed class GrantTokens(IReadOnlyList<byte[]> keys)
{
    private const int NonceLength = 12;
    private const int TagLength = 16;
    private const int MaxLength = 4096;

    /// <summary>The value that goes behind <c>Authorization: GNAP</c>.</summary>
    public string SealAccess(Grant grant) => Seal(Purpose.Access, grant);

    /// <summary>The token that cancels the grant.</summary>
    public string SealContinuation(Grant grant) => Seal(Purpose.Continuation, grant);

    /// <summary>Opens an access token, expired or not.</summary>
    public bool TryOpenAccess(string token, [NotNullWhen(true)] out Grant? grant) => TryOpen(Purpose.Access, token, out grant);

    /// <summary>Opens a continuation token.</summary>
    public bool TryOpenContinuation(string token, [NotNullWhen(true)] out Grant? grant) => TryOpen(Purpose.Continuation, token, out grant);

    private string Seal(Purpose purpose, Grant grant)
    {
        var plain = Encoding.UTF8.GetBytes(ToJson(grant).ToJsonString());
        var sealedBytes = new byte[NonceLength + TagLength + plain.Length];
        var nonce = sealedBytes.AsSpan(0, NonceLength);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(keys[0], TagLength);
        aes.Encrypt(nonce, plain, sealedBytes.AsSpan(NonceLength + TagLength), sealedBytes.AsSpan(NonceLength, TagLength), [(byte)purpose]);
        return Base64Url.EncodeToString(sealedBytes);
    }

    private bool TryOpen(Purpose purpose, string token, [NotNullWhen(true)] out Grant? grant)
    {
        grant = null;
        if (token.Length is 0 or > MaxLength || !Base64Url.IsValid(token)) return false;
        var sealedBytes = Base64Url.DecodeFromChars(token);
        if (sealedBytes.Length <= NonceLength + TagLength) return false;
        var plain = new byte[sealedBytes.Length - NonceLength - TagLength];
        foreach (var key in keys)
        {
            using var aes = new AesGcm(key, TagLength);
            try
            {
                aes.Decrypt(sealedBytes.AsSpan(0, NonceLength), sealedBytes.AsSpan(NonceLength + TagLength), sealedBytes.AsSpan(NonceLength, TagLength), plain, [(byte)purpose]);
            }
            catch (AuthenticationTagMismatchException)
            {
                continue; // sealed with another of our keys, or not by us at all
            }
            grant = FromJson(JsonDocument.Parse(plain).RootElement);
            return true;
        }
        return false;
    }

    private static JsonObject ToJson(Grant grant) => new()
    {
        ["g"] = grant.Id,
        ["t"] = grant.TokenId,
        ["c"] = grant.Client.Key is { } key ? key.ToJson() : grant.Client.Id,
        ["a"] = new JsonArray([.. grant.Access.Select(access => access.ToJson())]),
        ["e"] = grant.ExpiresAt.ToUnixTimeSeconds(),
    };

    // Only what ToJson wrote gets here: the seal has been checked.
    private static Grant FromJson(JsonElement json)
    {
        var client = json.GetProperty("c");
        Client? read;
        if (client.ValueKind == JsonValueKind.String) _ = Client.OfWalletAddress(client.GetString()!, out read);
        else read = Jwk.TryRead(client, out var key) ? new Client("jwk:" + key.Thumbprint, null, key) : null;
        _ = Access.Read(json.GetProperty("a"), out var access);
        return new Grant(json.GetProperty("g").GetString()!, json.GetProperty("t").GetString()!, read!, access,
            DateTimeOffset.FromUnixTimeSeconds(json.GetProperty("e").GetInt64()));
    }

    private enum Purpose : byte
    {
        Access = 1,
        Continuation = 2,
    }
}
