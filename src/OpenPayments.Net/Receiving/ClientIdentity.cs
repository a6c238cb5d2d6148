using System.Text.Json;
using System.Text.Json.Nodes;
using OpenPayments.Net.Signatures;

namespace OpenPayments.Net.Receiving;

/// <summary>
/// Who asks a host's wallet for grants. A wallet that takes the key itself never fetches <c>jwks.json</c>; older ones take a wallet address
/// alone, and fetch it at nearly every call.
/// </summary>
/// <param name="Key">The key that signs, such as <see cref="MessageSigner.PublicJwk"/>.</param>
/// <param name="WalletAddress">A wallet address with that key in its <c>jwks.json</c>; null for none.</param>
public sealed record ClientIdentity(Jwk Key, string? WalletAddress)
{
    /// <summary>The ways to name it in a grant request, the better one first.</summary>
    internal int Forms => WalletAddress is null ? 1 : 2;

    internal JsonNode ToJson(int form) => form == 0 ? new JsonObject { ["jwk"] = Key.ToJson() } : JsonValue.Create(WalletAddress)!;

    /// <summary>True if an error may be about the form: it names the client, or nothing.</summary>
    internal static bool IsDoubted(int? status, JsonElement error) => status is 400 or 401
        && (error.ValueKind == JsonValueKind.Undefined || error.GetRawText().Contains("client", StringComparison.OrdinalIgnoreCase));
}
