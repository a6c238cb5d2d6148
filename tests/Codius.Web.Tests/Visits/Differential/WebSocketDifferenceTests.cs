using System.Security.Cryptography;
using System.Text;

namespace Codius.Web.Tests.Visits.Differential;

/// <summary>
/// A WebSocket is a pipe: each frame arrives as the bytes it was sent as, and so does each way to end. The step <c>&gt;</c> is the
/// client's, <c>&lt;</c> the app's; each arrives before the next is sent.
/// </summary>
[Collection(nameof(DifferentialSuite))]
public sealed class WebSocketDifferenceTests(DifferentialStage stage)
{
    private const string Answer = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        + "Sec-WebSocket-Protocol: chat.v2\r\nSec-WebSocket-Extensions: permessage-deflate\r\nSet-Cookie: a=1\r\n";

    private const string Talks = """
        > text hello; < text hello
        > binary \x00\x01\x7F\x80\xFF; < binary \xFF\x80
        > text; < text
        > compressed \xF2\x48; < compressed \xCA\x00
        > fragment he; > ping now; < pong now; > more l; > rest lo; < fragment he; < rest llo
        < ping; > pong; > pong unasked
        > text {x*125}; < text {x*126}; > text {x*40000}; < text {x*65535}
        > text one; > text two; > text three; < text four
        > close 1000 bye; < close 1000 bye; < end
        < close 1001 going away; > close 1001; < end
        > close 4999 a word of its own; < close 4999; < end
        < close 3000; > close 3000; > end
        > close; < close; < end
        < close 1011 \xC3\xBC; > end
        > end
        < end
        > text unanswered; > break
        < text unanswered; < break
        """;

    public static TheoryData<string, Wire> Cases
    {
        get
        {
            var rows = new TheoryData<string, Wire>();
            foreach (var wire in Wires.All)
                foreach (var talk in Talks.Split('\n')) rows.Add(talk, wire);
            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Frames_and_ends_arrive_as_they_were_sent(string talk, Wire wire)
    {
        var ended = new TaskCompletionSource();
        var opened = new TaskCompletionSource<ScriptedConnection>();
        stage.App.Play(async connection =>
        {
            await connection.SendAsync($"{Answer}Sec-WebSocket-Accept: {AcceptOf(connection.Request!["Sec-WebSocket-Key"]!)}\r\n\r\n");
            opened.SetResult(connection);
            await ended.Task;
        });
        using var client = await RawWebSocket.OpenAsync(stage, wire,
            new Field("Sec-WebSocket-Version", "13"), new Field("Sec-WebSocket-Protocol", "chat.v1, chat.v2"),
            new Field("Sec-WebSocket-Extensions", "permessage-deflate; client_max_window_bits"),
            new Field("Origin", "https://shop.example"));
        var app = await opened.Task;
        await TheHandshakeIsTheirsAsync(client);
        try
        {
            foreach (var step in talk.Split("; ")) await TakeAsync(client, app, step);
        }
        finally
        {
            ended.SetResult();
        }
    }

    // RFC 6455, 4.2.2, which fixes the algorithm.
    [System.Diagnostics.CodeAnalysis.SuppressMessage("Security", "CA5350", Justification = "The protocol's, not for a secret.")]
    private static string AcceptOf(string key) =>
        Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")));

    private async Task TheHandshakeIsTheirsAsync(RawWebSocket client)
    {
        var request = await stage.App.WaitForRequestAsync(DifferentialStage.Cancellation);
        Assert.Equal("GET /socket", request.Start);
        Assert.Equal(("Upgrade", "websocket"), (request["Connection"], request["Upgrade"]));
        Assert.Equal("chat.v1, chat.v2", request["Sec-WebSocket-Protocol"]);
        Assert.Equal("permessage-deflate; client_max_window_bits", request["Sec-WebSocket-Extensions"]);
        Assert.Equal(("13", "https://shop.example"), (request["Sec-WebSocket-Version"], request["Origin"]));
        Assert.Equal("chat.v2", client.Fields.Find("Sec-WebSocket-Protocol"));
        Assert.Equal("permessage-deflate", client.Fields.Find("Sec-WebSocket-Extensions"));
        Assert.Equal("a=1", client.Fields.Find("Set-Cookie"));
    }

    private static async Task TakeAsync(RawWebSocket client, ScriptedConnection app, string step)
    {
        var clients = step[0] == '>';
        switch (step[2..])
        {
            case "end":
                if (clients) await client.EndAsync();
                else app.EndOutput();
                Assert.Equal("", await ReadAsync(1));
                break;
            case "break":
                if (clients) client.BreakOff();
                else app.BreakOff();
                Assert.Equal("", await ReadAsync(1));
                break;
            case var words:
                var frame = WebSocketFrame.Write(words, masked: clients);
                await (clients ? client.SendAsync(frame) : app.SendAsync(frame));
                Assert.Equal(frame, await ReadAsync(frame.Length));
                break;
        }

        Task<string> ReadAsync(int length) => clients ? app.Reader.ReadAsync(length, app.Stop) : client.ReadAsync(length);
    }
}
