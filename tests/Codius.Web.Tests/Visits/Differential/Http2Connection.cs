using System.Buffers.Binary;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Codius.Testing;

namespace Codius.Web.Tests.Visits.Differential;

/// <summary>What the server sent next on the stream: headers or trailers, or a part of the body; null for both if it reset it.</summary>
internal sealed record Http2Event(IReadOnlyList<Field>? Fields, string? Data, bool Ends);

/// <summary>An HTTP/2 connection on a bare socket with one stream, so that headers go out byte for byte and in order.</summary>
internal sealed class Http2Connection : IDisposable
{
    private const byte Data = 0, Headers = 1, Reset = 3, Settings = 4, Ping = 6, GoAway = 7, WindowUpdate = 8, Continuation = 9;
    private const byte EndStream = 1, Ack = 1, EndHeaders = 4;
    private const int MaxFrame = 16 * 1024;
    private const int Stream = 1;

    private readonly Socket _socket;
    private readonly Stream _stream;

    private Http2Connection(Socket socket, Stream stream) => (_socket, _stream) = (socket, stream);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<Http2Connection> OpenAsync(int port, TestAuthority? authority)
    {
        var (socket, stream) = await Connections.OpenAsync(port, authority, SslApplicationProtocol.Http2);
        var connection = new Http2Connection(socket, stream);
        await stream.WriteAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray(), Cancellation);
        // No dynamic table, no push, and windows that are never full.
        byte[] settings = [0, 1, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 4, 0x7F, 0xFF, 0xFF, 0xFF];
        await connection.WriteFrameAsync(Settings, 0, 0, settings);
        await connection.WriteFrameAsync(WindowUpdate, 0, 0, [0x7F, 0xFF, 0, 0]);
        return connection;
    }

    public async Task SendFieldsAsync(IEnumerable<Field> fields, bool ends)
    {
        var parts = Hpack.Encode(fields).Chunk(MaxFrame).ToArray();
        for (var at = 0; at < parts.Length; at++)
        {
            var flags = (at == 0 && ends ? EndStream : 0) | (at == parts.Length - 1 ? EndHeaders : 0);
            await WriteFrameAsync(at == 0 ? Headers : Continuation, (byte)flags, Stream, parts[at]);
        }
    }

    /// <param name="body">At most the server's first window: nothing here waits for more.</param>
    /// <param name="ends">True for the last part.</param>
    public async Task SendDataAsync(string body, bool ends)
    {
        var parts = body.Length == 0 ? [[]] : Encoding.Latin1.GetBytes(body).Chunk(MaxFrame).ToArray();
        for (var at = 0; at < parts.Length; at++)
            await WriteFrameAsync(Data, ends && at == parts.Length - 1 ? EndStream : (byte)0, Stream, parts[at]);
    }

    public async Task<Http2Event> ReadAsync()
    {
        while (true)
        {
            var (type, flags, payload) = await ReadFrameAsync();
            switch (type)
            {
                case Settings when (flags & Ack) == 0:
                    await WriteFrameAsync(Settings, Ack, 0, []);
                    break;
                case Ping when (flags & Ack) == 0:
                    await WriteFrameAsync(Ping, Ack, 0, payload);
                    break;
                case Headers:
                    var block = payload;
                    for (var last = (flags & EndHeaders) != 0; !last;)
                    {
                        var (_, more, rest) = await ReadFrameAsync();
                        block = [.. block, .. rest];
                        last = (more & EndHeaders) != 0;
                    }
                    return new Http2Event(Hpack.Decode(block), null, (flags & EndStream) != 0);
                case Data:
                    return new Http2Event(null, Encoding.Latin1.GetString(payload), (flags & EndStream) != 0);
                case Reset:
                    return new Http2Event(null, null, Ends: true);
                case GoAway when payload[7] != 0:
                    throw new InvalidOperationException($"The server ended the connection with error {payload[7]}");
                default:
                    break;
            }
        }
    }

    /// <summary>Ends the connection with a TCP reset.</summary>
    public void BreakOff()
    {
        _socket.LingerState = new LingerOption(true, 0);
        _socket.Dispose();
    }

    public void Dispose() => _stream.Dispose();

    private Task WriteFrameAsync(byte type, byte flags, int stream, byte[] payload)
    {
        var frame = new byte[9 + payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, payload.Length << 8 | type);
        frame[4] = flags;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream);
        payload.CopyTo(frame, 9);
        return _stream.WriteAsync(frame, Cancellation).AsTask();
    }

    private async Task<(byte Type, byte Flags, byte[] Payload)> ReadFrameAsync()
    {
        var head = new byte[9];
        await _stream.ReadExactlyAsync(head, Cancellation);
        var payload = new byte[BinaryPrimitives.ReadInt32BigEndian(head) >>> 8];
        await _stream.ReadExactlyAsync(payload, Cancellation);
        return (head[3], head[4], payload);
    }
}
