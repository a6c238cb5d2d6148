using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Codius.Testing;

namespace Codius.Web.Tests.Visits.Differential;

/// <summary>An HTTP/1.1 client on a bare socket: what it sends is what a case writes.</summary>
internal sealed class Http1Client : IDisposable
{
    public const string Host = "hello." + GatewayUnderTest.Domain;

    private readonly Socket _socket;
    private readonly Stream _stream;

    private Http1Client(Socket socket, Stream stream) => (_socket, _stream, Reader) = (socket, stream, new Http1Reader(stream));

    public Http1Reader Reader { get; }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<Http1Client> ConnectAsync(int port, TestAuthority? authority)
    {
        var (socket, stream) = await Connections.OpenAsync(port, authority, SslApplicationProtocol.Http11);
        return new Http1Client(socket, stream);
    }

    public static async Task<Message> SendAsync(int port, TestAuthority? authority, Exchange exchange)
    {
        using var client = await ConnectAsync(port, authority);
        return await client.SendAsync(exchange);
    }

    public async Task<Message> SendAsync(Exchange exchange)
    {
        var request = exchange.Request;
        var version = request.Start.Contains(" HTTP/1", StringComparison.Ordinal) ? "" : " HTTP/1.1";
        var head = request.Head($"{request.Start}{version}\r\nHost: {Host}");
        var waits = request.Fields.Has("Expect");
        var interim = new List<string>();
        if (waits)
        {
            await SendAsync(head);
            if (await ReadHeadAsync() is not { } first || first.Start != "100 Continue") throw new InvalidOperationException("No 100");
            interim.Add(first.Start);
            head = "";
        }
        await SendAsync(head + string.Concat(request.FramedPieces()));
        return await ReadAnswerAsync(exchange.Method, interim);
    }

    public Task SendAsync(string bytes) => _stream.WriteAsync(Encoding.Latin1.GetBytes(bytes), Cancellation).AsTask();

    public async Task<Message?> ReadHeadAsync() =>
        await Reader.ReadHeadAsync(Cancellation) is { } head ? head with { Start = head.Start[(head.Start.IndexOf(' ') + 1)..] } : null;

    public async Task<Message> ReadAnswerAsync(string method, List<string>? interim = null)
    {
        interim ??= [];
        while (await ReadHeadAsync() is { } head)
        {
            if (head.Start is ['1', ..] and not ['1', '0', '1', ..])
            {
                interim.Add(head.Start);
                continue;
            }
            var bodiless = method == "HEAD" || head.Start[..3] is "101" or "204" or "304";
            var answer = bodiless ? head : await Reader.ReadBodyAsync(head, untilTheEnd: true, Cancellation);
            return answer with { Interim = interim };
        }
        return new Message("(none)", [], "", [], Whole: false);
    }

    /// <summary>Ends its own side; the other may go on.</summary>
    public void EndOutput() => _socket.Shutdown(SocketShutdown.Send);

    /// <summary>Resets the connection.</summary>
    public void BreakOff()
    {
        _socket.LingerState = new LingerOption(true, 0);
        _socket.Dispose();
    }

    public void Dispose() => _stream.Dispose();
}
