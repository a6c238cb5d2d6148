using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Encodings.Web;
using System.Text.Json;
using Interledger.Net.Packets;
using Interledger.Net.Streaming;

namespace Interledger.Net.Spsp;

/// <summary>
/// The SPSP response of a payment pointer (RFC 9, "Response"): the address and shared secret to pay by STREAM.
/// <code>
/// { "destination_account": "g.host.token", "shared_secret": "base64, 32 bytes", "receipts_enabled": false }
/// </code>
/// </summary>
/// <param name="DestinationAccount">The ILP address to send packets to.</param>
/// <param name="SharedSecret">The shared secret of the connection.</param>
/// <param name="ReceiptsEnabled">Whether Fulfills will carry receipts (RFC 39).</param>
public sealed record SpspResponse(IlpAddress DestinationAccount, StreamSecret SharedSecret, bool ReceiptsEnabled = false)
{
    /// <summary>The media type of the response, and of a query's <c>Accept</c>.</summary>
    public const string MediaType = "application/spsp4+json";

    // Base64 has '+', which the default encoder would escape: valid, but unlike every other server.
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 16 };

    /// <summary>Reads a response; other members are ignored, the secret may be base64 or base64url, padded or not.</summary>
    /// <param name="json">The body, in UTF-8.</param>
    /// <param name="response">The response.</param>
    /// <param name="error">
    /// <see cref="WireError.InvalidJson"/> also for a member that is missing, duplicate or of another type;
    /// <see cref="WireError.InvalidAddress"/>, <see cref="WireError.InvalidBase64"/>, <see cref="WireError.WrongLength"/>.
    /// </param>
    /// <returns>False if it is not a response that can be paid.</returns>
    public static bool TryParse(ReadOnlyMemory<byte> json, [NotNullWhen(true)] out SpspResponse? response, out WireError error)
    {
        response = null;
        error = WireError.InvalidJson;
        try
        {
            using var document = JsonDocument.Parse(json, Strict);
            if (!TryGet(document.RootElement, "destination_account", out var destination)
                || !TryGet(document.RootElement, "shared_secret", out var text))
                return false;
            var receipts = false;
            if (document.RootElement.TryGetProperty("receipts_enabled", out var enabled))
            {
                if (enabled.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
                    return false;
                receipts = enabled.GetBoolean();
            }

            error = WireError.InvalidAddress;
            if (IlpAddress.TryParse(destination, out var address) && StreamSecret.TryParse(text, out var secret, out error))
                response = new SpspResponse(address, secret, receipts);
            return response is not null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>Writes the response as a server sends it.</summary>
    /// <returns>JSON in UTF-8; contains the secret.</returns>
    public byte[] ToUtf8Json()
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(buffer, Plain))
        {
            writer.WriteStartObject();
            writer.WriteString("destination_account", DestinationAccount.ToString());
            writer.WriteString("shared_secret", SharedSecret.ToBase64());
            writer.WriteBoolean("receipts_enabled", ReceiptsEnabled);
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static bool TryGet(JsonElement element, string name, [NotNullWhen(true)] out string? value)
    {
        value = element.ValueKind == JsonValueKind.Object
            && element.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.String
            ? member.GetString()
            : null;
        return value is not null;
    }
}
