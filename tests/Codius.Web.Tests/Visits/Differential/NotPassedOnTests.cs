using Codius.Testing;

namespace Codius.Web.Tests.Visits.Differential;

/// <summary>What differs behind the gateway is known, and a developer can read of it.</summary>
[Collection(nameof(DifferentialSuite))]
public sealed class NotPassedOnTests(DifferentialStage stage)
{
    public static TheoryData<int, string, Wire> Cases
    {
        get
        {
            var rows = new TheoryData<int, string, Wire>();
            foreach (var (at, known) in NotPassedOn.Cases.Index())
                foreach (var wire in known.Wires) rows.Add(at, known.Line, wire);
            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task It_differs_as_the_docs_say(int at, string line, Wire wire)
    {
        var (exchange, known) = (Exchange.Parse(line), NotPassedOn.Cases[at]);
        stage.App.Serve(exchange.Answer);

        var answer = await stage.SendAsync(exchange, wire);

        Assert.Contains(known.ClientGets, answer is null ? "400" : Differences.Write(answer), StringComparison.Ordinal);
        var received = stage.App.TakeReceived();
        Assert.Contains(known.AppGets, received is null ? "" : Differences.Write(received), StringComparison.Ordinal);
        Assert.Equal(known.AppGets.Length == 0, received is null);
    }

    [Theory]
    [InlineData("103 Early Hints")]
    [InlineData("102 Processing")]
    public async Task An_interim_answer_stays_behind(string interim)
    {
        stage.App.Play(connection =>
            connection.SendAsync($"HTTP/1.1 {interim}\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"));

        var answer = await stage.SendAsync(Exchange.Parse("GET /"), Wire.Http1);

        Assert.Equal(("200 OK", "ok"), (answer?.Start, answer?.Body));
        Assert.Empty(answer!.Interim);
        Assert.Null(answer["Link"]);
        Assert.NotNull(stage.App.TakeReceived());
    }

    [Fact]
    public async Task A_visitor_who_ends_his_side_is_taken_to_have_left()
    {
        var left = new TaskCompletionSource<string>();
        stage.App.Play(async connection => left.SetResult(await connection.Reader.ReadAsync(1, connection.Stop)));
        var (port, authority) = stage.EntranceOf(Wire.Http1);
        using var client = await Http1Client.ConnectAsync(port, authority);

        await client.SendAsync($"GET / HTTP/1.1\r\nHost: {Http1Client.Host}\r\n\r\n");
        await stage.App.WaitForRequestAsync(DifferentialStage.Cancellation);
        client.EndOutput();

        Assert.Equal("", await left.Task);
    }

    [Theory]
    [InlineData(Wire.Http1)]
    [InlineData(Wire.Http2Tls)]
    public async Task An_answer_to_half_a_body_waits_for_the_rest(Wire wire)
    {
        var answered = new TaskCompletionSource();
        stage.App.Play(async app =>
        {
            Assert.Equal("half", await app.ReadChunkAsync());
            await app.SendAsync("HTTP/1.1 413 Content Too Large\r\nConnection: close\r\nContent-Length: 8\r\n\r\ntoo much");
            answered.SetResult();
            // Until the gateway has closed.
            await app.Reader.ReadAsync(int.MaxValue, app.Stop);
        });
        using var client = await StreamingClient.OpenAsync(stage, wire, "POST", [], ends: false);

        await client.SendAsync("half");
        await answered.Task;
        await client.SendAsync("the rest");
        await client.EndAsync();

        Assert.Equal("413", (await client.ReadHeadAsync()).Find(":status"));
        Assert.Equal("too much", await client.ReadAsync(8));
    }

    [Fact]
    public void Each_is_in_the_docs_and_the_docs_have_no_other()
    {
        var lines = File.ReadLines(Path.Combine(Repository.Root, "docs/deploying-an-app.md"))
            .SkipWhile(line => line != "## What does not pass the gateway").Where(line => line.StartsWith('|')).Skip(2).ToArray();
        string[] known =
        [
            "`103 Early Hints`", "An answer before", "A half-closed connection",
            .. NotPassedOn.Cases.Select(one => one.Documented).Distinct(),
        ];

        Assert.All(known, one => Assert.Contains(lines, line => line.StartsWith("| " + one, StringComparison.Ordinal)));
        Assert.All(lines, line => Assert.Contains(known, one => line.StartsWith("| " + one, StringComparison.Ordinal)));
    }
}
