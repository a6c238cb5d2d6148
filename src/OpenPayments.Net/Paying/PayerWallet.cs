using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace OpenPayments.Net.Paying;

/// <summary>A payer's wallet address, as its document describes it.</summary>
/// <param name="Id">The URL that names it, whatever address it was found at.</param>
/// <param name="PublicName">What people call it; its URL if it has no name.</param>
/// <param name="AssetCode">Code of its asset.</param>
/// <param name="AssetScale">Digits behind the point.</param>
/// <param name="AuthServer">Where grants are requested.</param>
/// <param name="ResourceServer">Where quotes and payments are made, without a trailing slash.</param>
public sealed record PayerWallet(string Id, string PublicName, string AssetCode, int AssetScale, Uri AuthServer, Uri ResourceServer)
{
    private const int MaxName = 80;

    internal static bool TryRead(JsonElement json, [NotNullWhen(true)] out PayerWallet? wallet)
    {
        wallet = null;
        if (Json.Text(json, "id") is not { } id || Json.Url(json, "authServer") is not { } auth
            || Json.Url(json, "resourceServer") is not { } resource
            || Json.Text(json, "assetCode") is not { Length: > 0 and <= 12 } code
            || !json.TryGetProperty("assetScale", out var scale) || scale.ValueKind != JsonValueKind.Number
            || !scale.TryGetInt32(out var digits) || digits is < 0 or > 18)
            return false;
        var name = Json.Text(json, "publicName") is { Length: > 0 } text ? text : id;
        wallet = new PayerWallet(id, name.Length <= MaxName ? name : name[..MaxName], code, digits, auth, resource);
        return true;
    }
}
