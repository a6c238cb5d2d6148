using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace Codius.Web.Tests.Visits.Differential;

/// <summary>An app on a bare socket: it shows each byte of what it gets, and its answers are sent as they are written.</summary>
internal sealed class ScriptedApp : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Channel<Message> _received = Channel.CreateUnbounded<Message>();
    private readonly Task _serving;

    public ScriptedApp()
    {
        _listener.Start();
        _serving = ServeAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>What it does after it has read a request's head; null if it reads the body and answers.</summary>
    public Func<ScriptedConnection, Task>? Script { get; private set; }

    /// <summary>Its answer to each request that is not in the hands of a script.</summary>
    public MessageText? Answer { get; private set; }

    public void Serve(MessageText answer)
    {
        Forget();
        (Answer, Script) = (answer, null);
    }

    public void Play(Func<ScriptedConnection, Task> script)
    {
        Forget();
        Script = script;
    }

    /// <summary>The request that came last; null if none did.</summary>
    public Message? TakeReceived() => _received.Reader.TryRead(out var request) ? request : null;

    public Task<Message> WaitForRequestAsync(CancellationToken cancellation) => _received.Reader.ReadAsync(cancellation).AsTask();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _serving;
        _stop.Dispose();
    }

    // A case that failed may have left its request.
    private void Forget()
    {
        while (_received.Reader.TryRead(out _)) { }
    }

    private async Task ServeAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true) connections.Add(ServeAsync(await _listener.AcceptSocketAsync(_stop.Token)));
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        socket.NoDelay = true;
        using var connection = new ScriptedConnection(socket, _stop.Token);
        try
        {
            while (await connection.Reader.ReadHeadAsync(_stop.Token) is { } head)
            {
                if (Script is { } script)
                {
                    connection.Request = head;
                    await _received.Writer.WriteAsync(WithoutVersion(head), _stop.Token);
                    await script(connection);
                    return;
                }
                // The app wants the body in any case.
                if (head["Expect"] is not null) await connection.SendAsync("HTTP/1.1 100 Continue\r\n\r\n");
                var request = await connection.Reader.ReadBodyAsync(head, untilTheEnd: false, _stop.Token);
                await _received.Writer.WriteAsync(WithoutVersion(request), _stop.Token);
                var answer = Answer!;
                await connection.SendAsync(answer.Head($"HTTP/1.1 {answer.Start}") + string.Concat(answer.FramedPieces()));
                if (answer.EndsWithTheConnection) return;
            }
        }
        catch (Exception ended) when (
            ended is OperationCanceledException or IOException or SocketException or ObjectDisposedException)
        {
            // The test is over, the client has left, or the script broke off.
        }
    }

    private static Message WithoutVersion(Message request) => request with { Start = request.Start[..request.Start.LastIndexOf(' ')] };
}
