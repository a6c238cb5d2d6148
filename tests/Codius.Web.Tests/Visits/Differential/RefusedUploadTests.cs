namespace Codius.Web.Tests.Visits.Differential;

/// <summary>An app that answers before it has read a body, as one does with 413 or 401, is heard whatever it does with the rest.</summary>
[Collection(nameof(DifferentialSuite))]
public sealed class RefusedUploadTests(DifferentialStage stage)
{
    private const int Megabyte = 1024 * 1024;
    private const string Refusal = "HTTP/1.1 413 Content Too Large\r\nConnection: close\r\n";

    public static TheoryData<string, int, bool, bool> Cases
    {
        get
        {
            var rows = new TheoryData<string, int, bool, bool>();
            foreach (var framing in new[] { "Content-Length: 8\r\n\r\ntoo much", "Content-Length: 0\r\n\r\n", "\r\ntoo much" })
                foreach (var size in new[] { 1, 20 })
                    foreach (var chunked in new[] { false, true })
                        foreach (var readsOn in new[] { false, true }) rows.Add(framing, size, chunked, readsOn);
            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task The_visitor_gets_the_apps_answer(string answer, int megabytes, bool chunked, bool readsOn)
    {
        stage.App.Play(async app =>
        {
            await app.SendAsync(Refusal + answer);
            app.EndOutput();
            // An app that closes with a part of the body unread resets the connection.
            if (readsOn) await app.Reader.DrainAsync(app.Stop);
        });
        var (port, authority) = stage.EntranceOf(Wire.Http1);
        using var client = await Http1Client.ConnectAsync(port, authority);

        var sending = UploadAsync(client, megabytes, chunked);
        var head = await client.ReadHeadAsync();
        var body = await client.Reader.ReadBodyAsync(head!, untilTheEnd: true, DifferentialStage.Cancellation);

        Assert.Equal(("413 Content Too Large", ""), (head?.Start, head?.Start.StartsWith('5') == true ? body.Body : ""));
        Assert.Equal((answer.EndsWith("too much", StringComparison.Ordinal) ? "too much" : "", true), (body.Body, body.Whole));
        await sending;
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Without_an_answer_the_app_has_broken_off(bool chunked)
    {
        stage.App.Play(app =>
        {
            app.BreakOff();
            return Task.CompletedTask;
        });
        var (port, authority) = stage.EntranceOf(Wire.Http1);
        using var client = await Http1Client.ConnectAsync(port, authority);

        var sending = UploadAsync(client, 20, chunked);
        var head = await client.ReadHeadAsync();
        var body = await client.Reader.ReadBodyAsync(head!, untilTheEnd: true, DifferentialStage.Cancellation);

        Assert.Equal("502 Bad Gateway", head?.Start);
        Assert.Contains("app-broke-off", body.Body, StringComparison.Ordinal);
        await sending;
    }

    [Fact]
    public async Task The_answer_is_there_too_if_the_app_closes_between_the_last_chunk_and_the_end()
    {
        var read = new TaskCompletionSource();
        var closed = new TaskCompletionSource();
        stage.App.Play(async app =>
        {
            await app.ReadChunkAsync();
            read.SetResult();
            // What it has not read when it closes resets the connection.
            await app.HasUnreadAsync();
            await app.SendAsync(Refusal + "Content-Length: 8\r\n\r\ntoo much");
            app.Dispose();
            closed.SetResult();
        });
        var (port, authority) = stage.EntranceOf(Wire.Http1);
        using var client = await Http1Client.ConnectAsync(port, authority);

        await client.SendAsync($"POST / HTTP/1.1\r\nHost: {Http1Client.Host}\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n");
        await read.Task.WaitAsync(DifferentialStage.Cancellation);
        await client.SendAsync("3\r\ntwo\r\n");
        await closed.Task.WaitAsync(DifferentialStage.Cancellation);
        await client.SendAsync("0\r\n\r\n");

        var head = await client.ReadHeadAsync();
        var body = await client.Reader.ReadBodyAsync(head!, untilTheEnd: true, DifferentialStage.Cancellation);
        Assert.Equal(("413 Content Too Large", "too much", true), (head?.Start, body.Body, body.Whole));
    }

    [Fact]
    public async Task The_next_request_has_a_connection_of_its_own()
    {
        stage.App.Play(app => app.SendAsync("HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n"));
        var (port, authority) = stage.EntranceOf(Wire.Http1);
        using (var client = await Http1Client.ConnectAsync(port, authority))
        {
            var sending = UploadAsync(client, 20, chunked: false);
            Assert.Equal("401 Unauthorized", (await client.ReadHeadAsync())?.Start);
            client.BreakOff();
            await sending;
        }

        for (var at = 0; at < 5; at++) await stage.CompareAsync(Exchange.Parse("POST / || body"), Wire.Http1);
    }

    // A visitor may be cut off while it sends on after the answer.
    private static async Task UploadAsync(Http1Client client, int megabytes, bool chunked)
    {
        var framing = chunked ? "Transfer-Encoding: chunked" : $"Content-Length: {megabytes * Megabyte}";
        var part = new string('x', Megabyte);
        if (chunked) part = $"{Megabyte:x}\r\n{part}\r\n";
        try
        {
            await client.SendAsync($"POST / HTTP/1.1\r\nHost: {Http1Client.Host}\r\n{framing}\r\n\r\n");
            for (var at = 0; at < megabytes; at++) await client.SendAsync(part);
            if (chunked) await client.SendAsync("0\r\n\r\n");
        }
        catch (Exception cutOff) when (cutOff is IOException or ObjectDisposedException)
        {
        }
    }
}
