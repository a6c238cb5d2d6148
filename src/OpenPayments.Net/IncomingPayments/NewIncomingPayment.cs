using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using OpenPayments.Net.WalletAddresses;

namespace OpenPayments.Net.IncomingPayments;

/// <summary>The body of a request to make an incoming payment, read strictly: unknown members are errors.</summary>
/// <param name="IncomingAmount">The most that is accepted; null for no limit.</param>
/// <param name="ExpiresAt">When it ends; null if the client leaves it to the receiver.</param>
/// <param name="Metadata">A JSON object as text, without white space; null for none.</param>
internal sealed record NewIncomingPayment(ulong? IncomingAmount, DateTimeOffset? ExpiresAt, string? Metadata)
{
    private static readonly JsonSerializerOptions Shortest = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Reads the body for the account it was sent to.</summary>
    /// <returns>The error for the client; null if <paramref name="payment"/> was read.</returns>
    public static string? Read(JsonElement json, WalletAddress address, out NewIncomingPayment? payment)
    {
        payment = null;
        if (json.ValueKind != JsonValueKind.Object) return "The body must be a JSON object.";
        ulong? amount = null;
        DateTimeOffset? expiresAt = null;
        string? metadata = null;
        var named = false;
        foreach (var member in json.EnumerateObject())
        {
            switch (member.Name)
            {
                case "walletAddress":
                    if (member.Value.ValueKind != JsonValueKind.String || member.Value.GetString() != address.Id)
                        return $"walletAddress must be {address.Id}, whose resource server this is.";
                    named = true;
                    break;
                case "expiresAt":
                    if (member.Value.ValueKind != JsonValueKind.String || !member.Value.TryGetDateTimeOffset(out var time))
                        return "expiresAt must be a date and time such as 2030-01-01T00:00:00Z.";
                    expiresAt = time;
                    break;
                case "incomingAmount":
                    if (!TryReadAmount(member.Value, address, out var units))
                        return $"incomingAmount must be a whole, positive number of units of {address.AssetCode} "
                            + $"at scale {address.AssetScale}: value, assetCode, assetScale.";
                    amount = units;
                    break;
                case "metadata":
                    if (member.Value.ValueKind != JsonValueKind.Object) return "metadata must be a JSON object.";
                    metadata = JsonSerializer.Serialize(member.Value, Shortest);
                    break;
                default:
                    return $"There is no member '{member.Name}' in an incoming payment.";
            }
        }
        if (!named) return "walletAddress is missing.";
        payment = new NewIncomingPayment(amount, expiresAt, metadata);
        return null;
    }

    private static bool TryReadAmount(JsonElement json, WalletAddress address, out ulong units)
    {
        units = 0;
        return json.ValueKind == JsonValueKind.Object
            && json.EnumerateObject().Count() == 3
            && json.TryGetProperty("value", out var value) && value.ValueKind == JsonValueKind.String
            && ulong.TryParse(value.GetString(), NumberStyles.None, CultureInfo.InvariantCulture, out units)
            && units is > 0 and <= long.MaxValue
            && json.TryGetProperty("assetCode", out var code) && code.ValueKind == JsonValueKind.String
            && code.GetString() == address.AssetCode
            && json.TryGetProperty("assetScale", out var scale) && scale.ValueKind == JsonValueKind.Number
            && scale.TryGetInt32(out var digits) && digits == address.AssetScale;
    }
}
