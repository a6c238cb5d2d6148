using System.Buffers;

namespace Codius.Web.Deploying;

/// <summary>Reads a request body into memory, up to a limit.</summary>
internal static class BoundedBody
{
    /// <summary>The body; null if it is over the limit.</summary>
    public static async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(HttpRequest request, int maxBytes, CancellationToken cancellation)
    {
        if (request.ContentLength > maxBytes) return null;
        var body = new ArrayBufferWriter<byte>();
        while (body.WrittenCount <= maxBytes)
        {
            var count = await request.Body.ReadAsync(body.GetMemory(16 * 1024), cancellation);
            if (count == 0) return body.WrittenMemory;
            body.Advance(count);
        }
        return null;
    }
}
