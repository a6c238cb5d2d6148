using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Codius.Testing;

namespace Codius.Web.Tests.Visits.Differential;

/// <summary>One connection to the scripted app.</summary>
internal sealed class ScriptedConnection(Socket socket, CancellationToken stop) : IDisposable
{
    private readonly NetworkStream _stream = new(socket, ownsSocket: true);

    public Http1Reader Reader => field ??= new Http1Reader(_stream);

    public CancellationToken Stop { get; } = stop;

    /// <summary>The head of the request that the script answers.</summary>
    public Message? Request { get; set; }

    public Task SendAsync(string bytes) => _stream.WriteAsync(Encoding.Latin1.GetBytes(bytes), Stop).AsTask();

    /// <summary>One chunk of the request's body; empty for the last.</summary>
    public async Task<string> ReadChunkAsync()
    {
        var size = int.Parse((await Reader.ReadLineAsync(Stop))!, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        var chunk = await Reader.ReadAsync(size, Stop);
        await Reader.ReadLineAsync(Stop);
        return chunk;
    }

    /// <summary>Waits until there is more that it has not read.</summary>
    public Task HasUnreadAsync() => Eventually.TrueAsync("more has come", () => socket.Available > 0);

    /// <summary>Ends its own side; the other may go on.</summary>
    public void EndOutput() => socket.Shutdown(SocketShutdown.Send);

    /// <summary>Resets the connection.</summary>
    public void BreakOff()
    {
        socket.LingerState = new LingerOption(true, 0);
        socket.Dispose();
    }

    public void Dispose() => _stream.Dispose();
}
