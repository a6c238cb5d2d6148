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
/// <param name="Metadata">The creator's metadata: a JSON object as text, without white space; null for none.</param>
public sealed record IncomingPayment(
    Guid Id, string Account, string ClientId, ulong? IncomingAmount, ulong ReceivedAmount, bool Completed,
    DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, string? Metadata)
{
    /// <summary>The most bytes of <see cref="ToTerms"/>.</summary>
    public const int MaxTermsLength = 120;

    /// <summary>A client's id: a hash of its name, 32 characters, which fits into a token; a store need not know the client.</summary>
    /// <param name="client">A wallet address; <c>jwk:</c> and the key's thumbprint for a client that is a bare key.</param>
    public static string ClientIdOf(string client) => Client.IdOf(client);

    /// <summary>A new payment, on which nothing arrived yet; its times are in whole milliseconds.</summary>
    /// <param name="account">Who is paid.</param>
    /// <param name="clientId">Who makes it: <see cref="ClientIdOf"/> its wallet address.</param>
    /// <param name="incomingAmount">The most that is accepted, in units, 1 to 2^63-1; null for no limit.</param>
    /// <param name="createdAt">Now.</param>
    /// <param name="expiresAt">When it stops accepting money.</param>
    /// <param name="metadata">The creator's metadata: a JSON object as text, without white space; null for none.</param>
    public static IncomingPayment New(
        string account, string clientId, ulong? incomingAmount, DateTimeOffset createdAt, DateTimeOffset expiresAt,
        string? metadata = null) =>
        new(Guid.NewGuid(), account, clientId, incomingAmount, 0, false, Whole(createdAt), Whole(expiresAt), metadata);

    /// <summary>
    /// The same payment, ending no later than <paramref name="latest"/>; in whole milliseconds, and not before it was made.
    /// </summary>
    /// <param name="latest">When it must have ended.</param>
    public IncomingPayment EndingBy(DateTimeOffset latest)
    {
        var end = Whole(latest);
        return end >= ExpiresAt ? this : this with { ExpiresAt = end < CreatedAt ? CreatedAt : end };
    }

    /// <summary>
    /// All that the creator decided, in at most <see cref="MaxTermsLength"/> bytes, for the ILP address that pays this: the receiver of the
    /// first money reads from it what the money is for.
    /// </summary>
    public byte[] ToTerms() => PaymentTerms.Write(this);

    /// <summary>Reads the terms in an ILP address that was paid.</summary>
    /// <returns>The payment as it was made; null if there is none in the address.</returns>
    /// <param name="account">Who is paid.</param>
    /// <param name="id">The payment's id; null for none.</param>
    /// <param name="terms">What <see cref="ToTerms"/> gave.</param>
    public static IncomingPayment? OfTerms(string account, Guid? id, ReadOnlySpan<byte> terms) =>
        id is { } payment ? PaymentTerms.Read(account, payment, terms) : null;

    /// <summary>The public view: how much arrived, and where a grant for the rest is requested.</summary>
    internal JsonObject PublicView(WalletAddress address, OpenPaymentsOptions options) => new()
    {
        ["receivedAmount"] = address.Amount(ReceivedAmount),
        ["authServer"] = options.AuthServer,
    };

    /// <summary>The whole resource, without the means of paying it.</summary>
    internal JsonObject ToJson(WalletAddress address, string url)
    {
        var json = new JsonObject
        {
            ["id"] = url,
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

    private static DateTimeOffset Whole(DateTimeOffset time) => DateTimeOffset.FromUnixTimeMilliseconds(time.ToUnixTimeMilliseconds());

    private static string Text(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
