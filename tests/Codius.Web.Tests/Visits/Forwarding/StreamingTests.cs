using System.IO.Pipelines;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Codius.Web.Tests.Visits.Forwarding;

/// <summary>Nothing is buffered: each side sees what the other has sent so far, and idle streams stay open.</summary>
public sealed class StreamingTests
{
    [Fact]
    public async Task An_event_stream_begins_before_its_first_event_and_each_event_arrives_before_the_next_is_made()
    {
        var events = Channel();
        await using var visits = await VisitFixture.StartAsync(async context =>
        {
            context.Response.ContentType = "text/event-stream";
            await context.Response.StartAsync();
            await foreach (var text in events.Reader.ReadAllAsync(context.RequestAborted))
            {
                await context.Response.WriteAsync($"data: {text}\n\n");
                await context.Response.Body.FlushAsync();
            }
        });
        visits.Awake();

        var answer = await visits.GetAsync();
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(VisitFixture.Cancellation));
        foreach (var text in new[] { "one", "two", "three" })
        {
            await events.Writer.WriteAsync(text, VisitFixture.Cancellation);
            Assert.Equal($"data: {text}", await reader.ReadLineAsync(VisitFixture.Cancellation));
            await reader.ReadLineAsync(VisitFixture.Cancellation);
        }
        Assert.Equal(1, visits.Activity.Open("hello"));
        events.Writer.Complete();

        Assert.Null(await reader.ReadLineAsync(VisitFixture.Cancellation));
        Assert.Equal(VisitFixture.Price, await visits.SpentAsync());
    }

    [Fact]
    public async Task A_stream_whose_visitor_left_ends_at_the_app_too()
    {
        var ended = new TaskCompletionSource();
        await using var visits = await VisitFixture.StartAsync(async context =>
        {
            context.Response.ContentType = "text/event-stream";
            await context.Response.StartAsync();
            context.RequestAborted.Register(ended.SetResult);
            await ended.Task;
        });
        visits.Awake();

        (await visits.GetAsync()).Dispose();

        await ended.Task.WaitAsync(VisitFixture.Cancellation);
        Assert.Equal(VisitFixture.Price, await visits.SpentAsync());
    }

    [Fact]
    public async Task An_upload_reaches_the_app_piece_by_piece()
    {
        var arrived = Channel();
        await using var visits = await VisitFixture.StartAsync(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            while (await reader.ReadLineAsync() is { } line) await arrived.Writer.WriteAsync(line);
        });
        visits.Awake();
        var pipe = new Pipe();
        var request = VisitFixture.Request(HttpMethod.Post);
        request.Content = new StreamContent(pipe.Reader.AsStream());
        request.Headers.TransferEncodingChunked = true;

        var visit = visits.SendAsync(request);
        foreach (var piece in new[] { "one", "two", "three" })
        {
            await pipe.Writer.WriteAsync(Encoding.ASCII.GetBytes(piece + "\n"), VisitFixture.Cancellation);
            Assert.Equal(piece, await arrived.Reader.ReadAsync(VisitFixture.Cancellation));
        }
        await pipe.Writer.CompleteAsync();

        Assert.Equal(HttpStatusCode.OK, (await visit).StatusCode);
    }

    [Fact]
    public async Task A_quarter_of_a_gigabyte_goes_up_and_down_again_without_being_kept()
    {
        const long Size = 256L * 1024 * 1024;
        await using var visits = await VisitFixture.StartAsync(async context =>
        {
            context.Response.ContentLength = context.Request.ContentLength;
            await context.Request.BodyReader.CopyToAsync(context.Response.BodyWriter);
        });
        visits.Awake();
        var request = VisitFixture.Request(HttpMethod.Put);
        request.Content = new Zeros(Size);

        var before = GC.GetTotalMemory(forceFullCollection: true);
        var answer = await visits.SendAsync(request);
        await using var body = await answer.Content.ReadAsStreamAsync(VisitFixture.Cancellation);
        var buffer = new byte[1024 * 1024];
        long total = 0, most = 0;
        for (int read; (read = await body.ReadAsync(buffer, VisitFixture.Cancellation)) > 0; total += read)
        {
            // Looked at rarely: what is kept would be most of it by the end.
            if (total / (32 * 1024 * 1024) != (total + read) / (32 * 1024 * 1024)) most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true) - before);
        }

        Assert.Equal(Size, total);
        Assert.InRange(most, long.MinValue, Size / 8);
    }

    [Fact]
    public async Task Trailers_arrive_behind_the_body()
    {
        await using var visits = await VisitFixture.StartAsync(async context =>
        {
            context.Response.DeclareTrailer("X-Sum");
            await context.Response.WriteAsync("body");
            context.Response.AppendTrailer("X-Sum", "42");
        });
        visits.Awake();

        var answer = await visits.GetAsync();

        Assert.Equal("body", await answer.Content.ReadAsStringAsync(VisitFixture.Cancellation));
        Assert.Equal("42", Assert.Single(answer.TrailingHeaders.GetValues("X-Sum")));
    }

    [Fact]
    public async Task HEAD_gets_the_fields_without_the_body()
    {
        await using var visits = await VisitFixture.StartAsync(context =>
        {
            context.Response.ContentLength = 5;
            return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : context.Response.WriteAsync("hello");
        });
        visits.Awake();

        var answer = await visits.SendRawAsync("HEAD / HTTP/1.1\r\nHost: hello.codius.test\r\nConnection: close\r\n\r\n");

        Assert.Contains("Content-Length: 5\r\n", answer, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\n", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_app_that_refuses_a_body_unread_is_heard_and_the_client_is_never_asked_for_it()
    {
        await using var visits = await VisitFixture.StartAsync(context =>
        {
            context.Response.StatusCode = 413;
            return Task.CompletedTask;
        });
        visits.Awake();

        var answer = await visits.SendRawAsync(
            "POST / HTTP/1.1\r\nHost: hello.codius.test\r\nExpect: 100-continue\r\nContent-Length: 1000000\r\n\r\n", wholeAnswer: false);

        Assert.StartsWith("HTTP/1.1 413", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_cut_off_by_the_app_is_cut_off_for_the_client()
    {
        await using var visits = await VisitFixture.StartAsync(async context =>
        {
            context.Response.ContentLength = 100;
            await context.Response.WriteAsync("half");
            await context.Response.Body.FlushAsync();
            context.Abort();
        });
        visits.Awake();

        var answer = await visits.GetAsync();

        await Assert.ThrowsAsync<HttpRequestException>(() => answer.Content.ReadAsStringAsync(VisitFixture.Cancellation));
        Assert.Equal(VisitFixture.Price, await visits.SpentAsync());
    }

    private static System.Threading.Channels.Channel<string> Channel() => System.Threading.Channels.Channel.CreateUnbounded<string>();

    private sealed class Zeros(long size) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            var piece = new byte[64 * 1024];
            for (var left = size; left > 0; left -= piece.Length) await stream.WriteAsync(piece);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = size;
            return true;
        }
    }
}
