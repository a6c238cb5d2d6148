using System.Text.Json;
using Interledger.Net.Spsp;

namespace Codius.Web.Payments.Setup;

/// <summary>Writes the responses and errors of the Simple Payment Setup Protocol (RFC 9).</summary>
internal static class SpspAnswer
{
    private static readonly byte[] NoSuchReceiver = JsonSerializer.SerializeToUtf8Bytes(
        new { id = "InvalidReceiverError", message = "There is no such account here. Check the payment pointer." });

    public static Task CredentialsAsync(HttpContext context, SpspResponse credentials) =>
        WriteAsync(context, StatusCodes.Status200OK, "no-cache", credentials.ToUtf8Json());

    public static Task NoSuchReceiverAsync(HttpContext context) =>
        WriteAsync(context, StatusCodes.Status404NotFound, "no-store", NoSuchReceiver);

    private static async Task WriteAsync(HttpContext context, int status, string cache, byte[] json)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = SpspResponse.MediaType;
        context.Response.Headers.CacheControl = cache;
        context.Response.ContentLength = json.Length;
        await context.Response.Body.WriteAsync(json, context.RequestAborted);
    }
}
