using System.Text.Json;

namespace Codius.Web.Payments.Setup;

/// <summary>Writes the answers of the Simple Payment Setup Protocol (RFC 9), good and bad, so that every payer of every generation can read them.</summary>
internal static class SpspAnswer
{
    public const string MediaType = "application/spsp4+json";

    /// <summary>True if the payer names SPSP anywhere among what it accepts: <c>@interledger/pay</c> names it second.</summary>
    public static bool IsWanted(HttpRequest request) =>
        request.Headers.Accept.Any(accept => accept is not null && accept.Contains(MediaType, StringComparison.OrdinalIgnoreCase));

    public static Task CredentialsAsync(HttpContext context, string address, string sharedSecret, bool receipts) =>
        WriteAsync(context, StatusCodes.Status200OK, writer =>
        {
            writer.WriteString("destination_account", address);
            writer.WriteString("shared_secret", sharedSecret);
            writer.WriteBoolean("receipts_enabled", receipts);
        });

    public static Task ErrorAsync(HttpContext context, int status, string id, string message) =>
        WriteAsync(context, status, writer =>
        {
            writer.WriteString("id", id);
            writer.WriteString("message", message);
        });

    public static Task NoSuchReceiverAsync(HttpContext context) =>
        ErrorAsync(context, StatusCodes.Status404NotFound, "InvalidReceiverError", "There is no such account here. Check the payment pointer.");

    private static async Task WriteAsync(HttpContext context, int status, Action<Utf8JsonWriter> members)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = MediaType;
        context.Response.Headers.CacheControl = status == StatusCodes.Status200OK ? "no-cache" : "no-store";
        using var body = new MemoryStream(256);
        using (var writer = new Utf8JsonWriter(body, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            members(writer);
            writer.WriteEndObject();
        }
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body.GetBuffer().AsMemory(0, (int)body.Length), context.RequestAborted);
    }
}
