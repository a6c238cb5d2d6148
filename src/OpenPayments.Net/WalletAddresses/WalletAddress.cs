using System.Text.Json.Nodes;

namespace OpenPayments.Net.WalletAddresses;

/// <summary>One account that can be paid, as the outside names it.</summary>
/// <param name="Id">Its URL: what is payable, whatever address it was found at.</param>
/// <param name="Account">The account's own name, a part of its resource server's URL.</param>
/// <param name="PublicName">What wallets show to a person.</param>
/// <param name="AssetCode">Code of its asset.</param>
/// <param name="AssetScale">Digits behind the point; 1 or more, since a zero makes extensions refuse the address.</param>
public sealed record WalletAddress(string Id, string Account, string PublicName, string AssetCode, int AssetScale)
{
    /// <summary>The document that a wallet address answers with.</summary>
    internal JsonObject ToJson(OpenPaymentsOptions options) => new()
    {
        ["id"] = Id,
        ["publicName"] = PublicName,
        ["assetCode"] = AssetCode,
        ["assetScale"] = AssetScale,
        ["authServer"] = options.AuthServer,
        ["resourceServer"] = options.ResourceServerOf(Account),
    };

    /// <summary>An amount of this account's asset in the protocol's form.</summary>
    internal JsonObject Amount(ulong units) => new()
    {
        ["value"] = units.ToString(System.Globalization.CultureInfo.InvariantCulture),
        ["assetCode"] = AssetCode,
        ["assetScale"] = AssetScale,
    };
}
