using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Interledger.Net.Spsp;

namespace Codius.Web.Payments.Setup;

/// <summary>Writes the responses and errors of the Simple Payment Setup Protocol (RFC 9).</summary>
internal static class SpspAnswer
{
    private static readonly byte[] NoSuchReceiver = JsonSerializer.SerializeToUtf8Bytes(
        new { id = "InvalidReceiverError", message = "There is no such account here. Check the payment pointer." });

    // Base64 has '+', which the default encoder would escape.
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Task CredentialsAsync(HttpContext context, SpspResponse credentials) =>
        WriteAsync(context, StatusCodes.Status200OK, "no-cache", credentials.ToUtf8Json());

    /// <summary>Hands the wallet's own answer on, with members that this program does not know.</summary>
    public static Task CredentialsAsync(HttpContext context, SpspResponse credentials, ReadOnlyMemory<byte> answer)
    {
        using var theirs = JsonDocument.Parse(answer);
        using var ours = JsonDocument.Parse(credentials.ToUtf8Json());
        var json = new ArrayBufferWriter<byte>(answer.Length);
        using (var writer = new Utf8JsonWriter(json, Plain))
        {
            writer.WriteStartObject();
            foreach (var member in ours.RootElement.EnumerateObject()) member.WriteTo(writer);
            foreach (var member in theirs.RootElement.EnumerateObject())
                if (!ours.RootElement.TryGetProperty(member.Name, out _)) member.WriteTo(writer);
            writer.WriteEndObject();
        }
        return WriteAsync(context, StatusCodes.Status200OK, "no-cache", json.WrittenMemory);
    }

    public static Task NoSuchReceiverAsync(HttpContext context) =>
        WriteAsync(context, StatusCodes.Status404NotFound, "no-store", NoSuchReceiver);

    private static async Task WriteAsync(HttpContext context, int status, string cache, ReadOnlyMemory<byte> json)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = SpspResponse.MediaType;
        context.Response.Headers.CacheControl = cache;
        context.Response.ContentLength = json.Length;
        await context.Response.Body.WriteAsync(json, context.RequestAborted);
    }
}
