using System.Buffers;
using System.Text;

namespace Codius.Web.Payments.TopUp;

/// <summary>Reads and writes the plain-text bodies of the receipt verifier's endpoints: decimals, base64 and errors.</summary>
internal static class PlainText
{
    public const string TooLarge = "request entity too large";

    /// <summary>The body as text, whatever its content type; null if it is longer than the limit, where reading stops.</summary>
    public static async ValueTask<string?> ReadAsync(HttpContext context, int limit)
    {
        if (context.Request.ContentLength > limit) return null;
        var buffer = ArrayPool<byte>.Shared.Rent(limit + 1);
        try
        {
            var length = await context.Request.Body.ReadAtLeastAsync(buffer.AsMemory(0, limit + 1), limit + 1, throwOnEndOfStream: false,
                context.RequestAborted);
            return length > limit ? null : Encoding.UTF8.GetString(buffer, 0, length);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    public static Task WriteAsync(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsync(text, context.RequestAborted);
    }
}
