using System.Buffers.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using OpenPayments.Net.IncomingPayments;
using OpenPayments.Net.Paying;

namespace OpenPayments.Net.Receiving;

/// <summary>Reads a wallet's incoming payment strictly: money is credited by what stands in it.</summary>
internal static partial class ReceivingPaymentReader
{
    private const int SecretLength = 32;
    private const int MaxIlpAddress = 1023;

    /// <summary>Reads the payment.</summary>
    /// <returns>What is wrong with it; <see cref="WalletFault.None"/> if <paramref name="payment"/> was read.</returns>
    public static WalletFault Read(JsonElement json, PayerWallet wallet, out ReceivingPayment? payment)
    {
        payment = null;
        if (Json.Url(json, "id") is not { } url || !IsAt(wallet, url) || !TryReadAmount(json, "receivedAmount", out var received)
            || received is null || !TryReadAmount(json, "incomingAmount", out var incoming)
            || !TryReadFlag(json, "completed", out var completed) || !TryReadTime(json, "expiresAt", out var expiresAt))
            return WalletFault.NotAWallet;
        if (!received.IsOf(wallet) || incoming?.IsOf(wallet) == false) return WalletFault.OtherAsset;
        payment = new ReceivingPayment(
            url, received.Units, wallet.AssetCode, wallet.AssetScale, incoming?.Units, completed, expiresAt, MethodOf(json));
        return WalletFault.None;
    }

    /// <summary>
    /// True for a URL of an incoming payment of the wallet's own resource server: nothing else is ever requested with its grant.
    /// </summary>
    public static bool IsAt(PayerWallet wallet, Uri url)
    {
        var server = wallet.ResourceServer;
        return url.IsAbsoluteUri && url.Scheme == server.Scheme && url.Authority == server.Authority && url.UserInfo.Length == 0
            && url.Query.Length == 0 && url.Fragment.Length == 0
            && url.AbsolutePath.StartsWith(server.AbsolutePath.TrimEnd('/') + "/", StringComparison.Ordinal)
            && url.AbsolutePath.Contains("/incoming-payments/", StringComparison.Ordinal);
    }

    private static bool TryReadAmount(JsonElement json, string name, out Amount? amount)
    {
        amount = null;
        if (Json.Member(json, name) is not { ValueKind: not JsonValueKind.Null } member) return true;
        if (Json.Amount(json, name) is not { } units || Json.Text(member, "assetCode") is not { } code
            || Json.Member(member, "assetScale") is not { ValueKind: JsonValueKind.Number } scale || !scale.TryGetInt32(out var digits))
            return false;
        amount = new Amount(units, code, digits);
        return true;
    }

    private static bool TryReadFlag(JsonElement json, string name, out bool flag)
    {
        var value = Json.Member(json, name)?.ValueKind;
        flag = value == JsonValueKind.True;
        return value is null or JsonValueKind.True or JsonValueKind.False;
    }

    private static bool TryReadTime(JsonElement json, string name, out DateTimeOffset? time)
    {
        time = null;
        if (Json.Member(json, name) is not { ValueKind: not JsonValueKind.Null } member) return true;
        if (member.ValueKind != JsonValueKind.String || !member.TryGetDateTimeOffset(out var read)) return false;
        time = read;
        return true;
    }

    // A wrong one is none: it must not keep what has arrived from being read.
    private static PaymentMethod? MethodOf(JsonElement json)
    {
        if (Json.Member(json, "methods") is not { ValueKind: JsonValueKind.Array } methods) return null;
        foreach (var method in methods.EnumerateArray())
        {
            if (Json.Text(method, "type") != "ilp" || Json.Text(method, "ilpAddress") is not { Length: <= MaxIlpAddress } address
                || !IlpAddress().IsMatch(address) || Json.Text(method, "sharedSecret") is not { } text) continue;
            var secret = new byte[SecretLength];
            if (text.Length <= 2 * SecretLength && Base64Url.IsValid(text, out var length) && length == SecretLength
                && Base64Url.TryDecodeFromChars(text, secret, out _)) return new PaymentMethod(address, secret);
        }
        return null;
    }

    [GeneratedRegex(@"^(g|private|example|peer|self|test[1-3]?|local)(\.[A-Za-z0-9_~-]+)+\z")]
    private static partial Regex IlpAddress();

    private sealed record Amount(ulong Units, string AssetCode, int AssetScale)
    {
        public bool IsOf(PayerWallet wallet) => AssetCode == wallet.AssetCode && AssetScale == wallet.AssetScale;
    }
}
