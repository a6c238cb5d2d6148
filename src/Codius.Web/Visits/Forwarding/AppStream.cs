using System.Net.Sockets;

namespace Codius.Web.Visits.Forwarding;

/// <summary>
/// A connection to an app over HTTP/1.1. An app that refuses a body may close while that is sent, and its answer is there to be read
/// although the write fails. The first write that fails says so; later ones do nothing, since the client reads an answer only after it
/// has written the end of the request. The connection is not used again: its read end is closed too.
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
            throw;
        }
    }
}
