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

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_closed) return default;
        try
        {
            var write = base.WriteAsync(buffer, cancellationToken);
            return write.IsCompletedSuccessfully ? write : WaitAsync(write, buffer);
        }
        catch (IOException) when (IsEndAfterClose(buffer.Span))
        {
            return default;
        }
    }

    private async ValueTask WaitAsync(ValueTask write, ReadOnlyMemory<byte> buffer)
    {
        try
        {
            await write;
        }
        catch (IOException) when (IsEndAfterClose(buffer.Span))
        {
        }
    }

    // Each part of a chunked body is flushed with its length (UploadStream), so that the end of chunks is no part of one.
    private bool IsEndAfterClose(ReadOnlySpan<byte> written)
    {
        _closed = true;
        return written.SequenceEqual("0\r\n\r\n"u8);
    }
}
