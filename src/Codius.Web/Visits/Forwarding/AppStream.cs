using System.Net.Sockets;

namespace Codius.Web.Visits.Forwarding;

/// <summary>
/// A connection to an app over HTTP/1.1. An app that refuses a body may close while that is sent, and its answer is there to be read
/// although the write fails. The first write that fails says so; later ones do nothing, since the client reads an answer only after it
/// has written the end of the request. That end itself does nothing too if it is the first that fails: there is no more to stop. The
/// connection is not used again: its read end is closed too.
/// </summary>
internal sealed class AppStream(Socket socket) : NetworkStream(socket, ownsSocket: true)
{
    private bool _closed;

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_closed) return;
        try
        {
            await base.WriteAsync(buffer, cancellationToken);
        }
        catch (IOException)
        {
            _closed = true;
            if (!IsEndOfChunks(buffer.Span)) throw;
        }
    }

    // Each part of a chunked body is flushed with its length (UploadStream), so that this is no part of one.
    private static bool IsEndOfChunks(ReadOnlySpan<byte> written) => written.SequenceEqual("0\r\n\r\n"u8);
}
