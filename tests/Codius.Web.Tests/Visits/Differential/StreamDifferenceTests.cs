namespace Codius.Web.Tests.Visits.Differential;

/// <summary>Nothing waits for more of the same: each part arrives before the next is sent, whichever side is slow.</summary>
[Collection(nameof(DifferentialSuite))]
public sealed class StreamDifferenceTests(DifferentialStage stage)
{
    private const string Answer = "HTTP/1.1 200 OK\r\n";

    private static readonly string[] Parts = ["data: one\n\n", "x", "\x00\xFF", ": a comment\n\n", "data: the end\n\n"];

    public static TheoryData<Wire> Wires => [.. Differential.Wires.All];

    [Theory]
    [InlineData("Transfer-Encoding: chunked", Wire.Http1)]
    [InlineData("Transfer-Encoding: chunked", Wire.Http1Tls)]
    [InlineData("Transfer-Encoding: chunked", Wire.Http2)]
    [InlineData("Transfer-Encoding: chunked", Wire.Http2Tls)]
    [InlineData("Connection: close", Wire.Http1)]
    [InlineData("Connection: close", Wire.Http2Tls)]
    [InlineData("Content-Length: 42", Wire.Http1)]
    [InlineData("Content-Length: 42", Wire.Http2Tls)]
    public async Task A_slow_answer_arrives_part_by_part(string framing, Wire wire)
    {
        var read = new SemaphoreSlim(0);
        stage.App.Play(async app =>
        {
            await app.SendAsync($"{Answer}Content-Type: text/event-stream\r\n{framing}\r\n\r\n");
            foreach (var part in Parts)
            {
                // Its head, and each part, has been read. One with a length is sent with the first part of its body.
                if (!framing.StartsWith("Content-Length", StringComparison.Ordinal) || part != Parts[0]) await read.WaitAsync(app.Stop);
                await app.SendAsync(framing.EndsWith("chunked", StringComparison.Ordinal) ? $"{part.Length:x}\r\n{part}\r\n" : part);
            }
            await read.WaitAsync(app.Stop);
            if (framing.EndsWith("chunked", StringComparison.Ordinal)) await app.SendAsync("0\r\n\r\n");
        });
        using var client = await StreamingClient.OpenAsync(stage, wire, "GET", [new Field("Accept", "text/event-stream")], ends: true);

        var fields = await client.ReadHeadAsync();
        if (!framing.StartsWith("Content-Length", StringComparison.Ordinal)) read.Release();
        foreach (var part in Parts)
        {
            Assert.Equal(part, await client.ReadAsync(part.Length));
            read.Release();
        }

        Assert.Equal("text/event-stream", fields.Find("Content-Type"));
        Assert.Equal("", await client.ReadAsync(1));
    }

    [Theory]
    [MemberData(nameof(Wires))]
    public async Task A_slow_body_arrives_part_by_part(Wire wire)
    {
        var arrived = System.Threading.Channels.Channel.CreateUnbounded<string>();
        stage.App.Play(async app =>
        {
            for (string part; (part = await app.ReadChunkAsync()).Length > 0;) await arrived.Writer.WriteAsync(part, app.Stop);
            await app.SendAsync($"{Answer}Content-Length: 4\r\n\r\ndone");
        });
        using var client = await StreamingClient.OpenAsync(stage, wire, "POST", [], ends: false);

        foreach (var part in Parts)
        {
            await client.SendAsync(part);
            Assert.Equal(part, await arrived.Reader.ReadAsync(DifferentialStage.Cancellation));
        }
        await client.EndAsync();

        Assert.Equal("200", (await client.ReadHeadAsync()).Find(":status"));
        Assert.Equal("done", await client.ReadAsync(4));
    }

    [Theory]
    [MemberData(nameof(Wires))]
    public async Task A_client_that_leaves_has_left_at_the_app_too(Wire wire)
    {
        var left = new TaskCompletionSource<string>();
        stage.App.Play(async app =>
        {
            await app.SendAsync($"{Answer}Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n");
            left.SetResult(await app.Reader.ReadAsync(1, app.Stop));
        });
        using (var client = await StreamingClient.OpenAsync(stage, wire, "GET", [], ends: true))
        {
            await client.ReadHeadAsync();
            Assert.Equal("x", await client.ReadAsync(1));
        }

        Assert.Equal("", await left.Task);
    }
}
