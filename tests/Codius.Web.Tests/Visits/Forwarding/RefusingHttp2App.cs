using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Codius.Web.Tests.Visits.Forwarding;

/// <summary>An HTTP/2 server without TLS that resets every stream with REFUSED_STREAM: none was processed (RFC 9113, 8.7).</summary>
internal sealed class RefusingHttp2App : IDisposable
{
    private const int Preface = 24;
    private const byte Headers = 1;
    private const byte Settings = 4;
    private const byte Ping = 6;
    private const byte Ack = 1;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly byte[] _settings;
    private int _refused;

    /// <param name="maxHeaders">The largest list of headers that the server says it takes.</param>
    public RefusingHttp2App(int maxHeaders = 10_000)
    {
        _settings = [0, 6, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32BigEndian(_settings.AsSpan(2), maxHeaders);
        _listener.Start();
        _ = AcceptAsync();
    }

    public Uri Address => new($"http://{_listener.LocalEndpoint}");

    public int Refused => Volatile.Read(ref _refused);

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _ = RefuseAsync(await _listener.AcceptTcpClientAsync());
        }
        catch (Exception over) when (over is SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task RefuseAsync(TcpClient client)
    {
        using var _ = client;
        var stream = client.GetStream();
        var (head, payload) = (new byte[9], new byte[1 << 14]);
        try
        {
            await stream.ReadExactlyAsync(payload.AsMemory(0, Preface));
            await WriteAsync(stream, Settings, 0, 0, _settings);
            while (true)
            {
                await stream.ReadExactlyAsync(head);
                var length = (head[0] << 16) | (head[1] << 8) | head[2];
                await stream.ReadExactlyAsync(payload.AsMemory(0, length));
                var id = BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(5));
                if (head[3] == Settings && head[4] != Ack) await WriteAsync(stream, Settings, Ack, 0, default);
                if (head[3] == Ping && head[4] != Ack) await WriteAsync(stream, Ping, Ack, 0, payload.AsMemory(0, length));
                if (head[3] != Headers) continue;
                Interlocked.Increment(ref _refused);
                await WriteAsync(stream, 3, 0, id, new byte[] { 0, 0, 0, 7 });
            }
        }
        catch (IOException)
        {
        }
    }

    private static async Task WriteAsync(NetworkStream stream, byte type, byte flags, int id, ReadOnlyMemory<byte> payload)
    {
        var frame = new byte[9 + payload.Length];
        frame[2] = (byte)payload.Length;
        (frame[3], frame[4]) = (type, flags);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), id);
        payload.CopyTo(frame.AsMemory(9));
        await stream.WriteAsync(frame);
    }
}
