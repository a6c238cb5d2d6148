using System.Globalization;
using System.Text.Json.Nodes;
using OpenPayments.Net.Clients;
using OpenPayments.Net.WalletAddresses;

namespace OpenPayments.Net.IncomingPayments;

/// <summary>Money expected on an account: made by a payer's client, paid by STREAM, read by the payer's wallet.</summary>
/// <param name="Id">A UUID, since wallets keep it as one.</param>
/// <param name="Account">Who is paid.</param>
/// <param name="ClientId">Who made it: <see cref="ClientIdOf"/> its wallet address.</param>
/// <param name="IncomingAmount">The most that is accepted, in units; null for no limit.</param>
/// <param name="ReceivedAmount">What arrived, in units.</param>
/// <param name="Completed">True if no more is accepted.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="ExpiresAt">When it stops accepting money.</param>
/// <param name="Metadata">The creator's metadata: a JSON object as text; null for none.</param>
public sealed record IncomingPayment(
    Guid Id, string Account, string ClientId, ulong? IncomingAmount, ulong ReceivedAmount, bool Completed,
    DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, string? Metadata)
{
    /// <summary>A client's id: a hash of its name, 32 characters, which fits into a token; a store need not know the client.</summary>
    /// <param name="client">A wallet address; <c>jwk:</c> and the key's thumbprint for a client that is a bare key.</param>
    public static string ClientIdOf(string client) => Client.IdOf(client);

    /// <summary>The public view: how much arrived, and where a grant for the rest is requested.</summary>
    internal JsonObject PublicView(WalletAddress address, OpenPaymentsOptions options) => new()
    {
        ["receivedAmount"] = address.Amount(ReceivedAmount),
        ["authServer"] = options.AuthServer,
    };

    /// <summary>The whole resource, without the means of paying it.</summary>
    internal JsonObject ToJson(WalletAddress address, OpenPaymentsOptions options)
    {
        var json = new JsonObject
        {
            ["id"] = options.IncomingPaymentUrlOf(Account, Id),
            ["walletAddress"] = address.Id,
            ["completed"] = Completed,
            ["receivedAmount"] = address.Amount(ReceivedAmount),
            ["createdAt"] = Text(CreatedAt),
            ["expiresAt"] = Text(ExpiresAt),
        };
        if (IncomingAmount is { } incoming) json["incomingAmount"] = address.Amount(incoming);
        if (Metadata is not null) json["metadata"] = JsonNode.Parse(Metadata);
        return json;
    }

    private static string Text(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
