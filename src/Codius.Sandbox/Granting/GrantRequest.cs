using System.Text.Json;
using System.Text.Json.Nodes;
using OpenPayments.Net.Clients;
using static Codius.Sandbox.Granting.VisitorAddress;

namespace Codius.Sandbox.Granting;

/// <summary>What a client asks the visitor's wallet for: quotes, or the right to pay, which its owner must consent to.</summary>
/// <param name="Client">Who asks.</param>
/// <param name="ClientAddress">The client's wallet address; null for a bare key.</param>
/// <param name="Access">The requested access, as the answers repeat it.</param>
/// <param name="Limit">What may be debited, in units; null for a grant that only makes quotes.</param>
/// <param name="FinishUri">Where the owner's browser goes after the decision; null if no consent is needed.</param>
/// <param name="FinishNonce">The client's half of the interaction's hash.</param>
internal sealed record GrantRequest(
    Client Client, Uri? ClientAddress, JsonObject Access, ulong? Limit, Uri? FinishUri, string FinishNonce)
{
    private const int MaxText = 2048;

    /// <summary>Reads the body of a grant request.</summary>
    /// <returns>The fault, for the client; null if <paramref name="request"/> was read.</returns>
    public static string? Read(JsonElement json, VisitorAddress wallet, out GrantRequest? request)
    {
        request = null;
        if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty("access_token", out var token)
            || token.ValueKind != JsonValueKind.Object || !token.TryGetProperty("access", out var list)
            || list.ValueKind != JsonValueKind.Array || list.GetArrayLength() != 1 || list[0].ValueKind != JsonValueKind.Object)
            return "access_token.access must be a list of one access.";
        var access = list[0];
        if (!json.TryGetProperty("client", out var named)) return "client is missing: name your wallet address.";
        if (Client.Read(named, out var client) is { } strange) return strange;
        if (Text(access, "identifier") is { } identifier && identifier != wallet.Id) return $"identifier must be {wallet.Id}.";
        var repeated = (JsonObject)JsonNode.Parse(access.GetRawText())!;
        switch (Text(access, "type"))
        {
            case "quote":
                request = new GrantRequest(client!, client!.WalletAddress, repeated, null, null, "");
                return null;
            case "outgoing-payment":
                return ReadPayment(json, access, wallet, client!, repeated, out request);
            default:
                return "Access is given here to quote and outgoing-payment; this wallet address only pays.";
        }
    }

    private static string? ReadPayment(
        JsonElement json, JsonElement access, VisitorAddress wallet, Client client, JsonObject repeated, out GrantRequest? request)
    {
        request = null;
        if (client.WalletAddress is null) return "client must be a wallet address: the owner is shown who asks.";
        if (!access.TryGetProperty("limits", out var limits) || limits.ValueKind != JsonValueKind.Object
            || !limits.TryGetProperty("debitAmount", out var debit) || !wallet.TryReadAmount(debit, out var limit) || limit == 0)
            return "limits.debitAmount is needed, in this wallet's asset and scale.";
        if (limits.TryGetProperty("interval", out _)) return "limits.interval is not supported: ask for each payment.";
        if (!json.TryGetProperty("interact", out var interact) || interact.ValueKind != JsonValueKind.Object
            || !interact.TryGetProperty("finish", out var finish) || Text(finish, "method") != "redirect"
            || Text(finish, "nonce") is not { Length: > 0 and <= MaxText } nonce
            || Text(finish, "uri") is not { Length: <= MaxText } uri || !Uri.TryCreate(uri, UriKind.Absolute, out var back)
            || back.Scheme is not ("https" or "http") || back.UserInfo.Length > 0)
            return "interact.finish is needed: method redirect, uri and nonce, since the owner must consent.";
        request = new GrantRequest(client, client.WalletAddress, repeated, limit, back, nonce);
        return null;
    }
}
