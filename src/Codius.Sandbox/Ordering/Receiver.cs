using System.Buffers.Text;
using System.Text.Json;
using Codius.Sandbox.Granting;
using Interledger.Net.Packets;
using Interledger.Net.Streaming;
using static Codius.Sandbox.Granting.VisitorAddress;

namespace Codius.Sandbox.Ordering;

/// <summary>A receiver's incoming payment, as its whole resource describes it.</summary>
/// <param name="Url">Its URL.</param>
/// <param name="WalletAddress">Who is paid.</param>
/// <param name="Missing">What is missing to its fixed amount, in units; null if it has none.</param>
/// <param name="Address">Where packets go.</param>
/// <param name="Secret">The secret of the STREAM connection.</param>
internal sealed record Receiver(string Url, string WalletAddress, ulong? Missing, IlpAddress Address, StreamSecret Secret)
{
    /// <summary>Reads the resource; null if it is malformed, of another asset, or cannot be paid any more.</summary>
    public static Receiver? Read(string url, JsonElement json, VisitorAddress wallet)
    {
        if (Text(json, "walletAddress") is not { } address || !json.TryGetProperty("receivedAmount", out var got)
            || !wallet.TryReadAmount(got, out var received)
            || !json.TryGetProperty("methods", out var methods) || methods.ValueKind != JsonValueKind.Array)
            return null;
        ulong? missing = null;
        if (json.TryGetProperty("incomingAmount", out var wanted))
        {
            if (!wallet.TryReadAmount(wanted, out var all) || all <= received) return null;
            missing = all - received;
        }
        foreach (var method in methods.EnumerateArray())
        {
            var secret = new byte[StreamSecret.Length];
            if (Text(method, "type") == "ilp" && IlpAddress.TryParse(Text(method, "ilpAddress"), out var destination)
                && Text(method, "sharedSecret") is { } text && Base64Url.TryDecodeFromChars(text, secret, out var length)
                && length == secret.Length)
                return new Receiver(url, address, missing, destination, new StreamSecret(secret));
        }
        return null;
    }
}
