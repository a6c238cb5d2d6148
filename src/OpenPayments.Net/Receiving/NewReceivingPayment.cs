using System.Globalization;
using System.Text.Json.Nodes;
using OpenPayments.Net.Paying;

namespace OpenPayments.Net.Receiving;

/// <summary>An incoming payment to be made at a host's wallet.</summary>
/// <param name="IncomingAmount">The most that it accepts, in units of the wallet's asset; null for no limit.</param>
/// <param name="ExpiresAt">When it ends.</param>
/// <param name="Metadata">
/// What the wallet keeps with it, and shows to whoever may read it: nothing secret. Null for nothing.
/// </param>
public sealed record NewReceivingPayment(ulong? IncomingAmount, DateTimeOffset ExpiresAt, JsonObject? Metadata)
{
    internal JsonObject ToJson(PayerWallet wallet)
    {
        var json = new JsonObject
        {
            ["walletAddress"] = wallet.Id,
            ["expiresAt"] = ExpiresAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
        };
        if (IncomingAmount is { } units)
        {
            json["incomingAmount"] = new JsonObject
            {
                ["value"] = units.ToString(CultureInfo.InvariantCulture),
                ["assetCode"] = wallet.AssetCode,
                ["assetScale"] = wallet.AssetScale,
            };
        }
        if (Metadata is not null) json["metadata"] = Metadata.DeepClone();
        return json;
    }
}
