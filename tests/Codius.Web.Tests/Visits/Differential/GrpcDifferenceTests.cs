using System.Text;
using Codius.Testing;
using Codius.Web.Tests.Visits.Forwarding;
using Grpc.Core;
using Grpc.Net.Client;

namespace Codius.Web.Tests.Visits.Differential;

/// <summary>A gRPC call through the gateway is the call that it is without it: messages, metadata, errors, deadlines.</summary>
[Collection(nameof(DifferentialSuite))]
public sealed class GrpcDifferenceTests : IDisposable
{
    private readonly DifferentialStage _stage;

    public GrpcDifferenceTests(DifferentialStage stage)
    {
        _stage = stage;
        stage.Awake(App.Port);
    }

    public static TheoryData<string, Wire> Calls
    {
        get
        {
            var rows = new TheoryData<string, Wire>();
            // A call is "say" or "talk" and its messages; after a slash what the client does besides.
            foreach (var call in new[]
            {
                "say hello", "say", "say {x*100000}", "say gr\u00FC\u00DF \u4E2D", "say hello /metadata", "say hello /deadline",
                "say fail because", "say fail \u00FC\u4E2D %", "say fail {x*2000}", "say fail /metadata",
                "say wait /soon", "say wait /cancel",
                "talk", "talk one", "talk one,two,three", "talk one,two /metadata", "talk {x*60000},{y*60000},z /deadline",
                "talk one,fail", "talk fail", "talk one,wait /soon", "talk one,wait /cancel",
            })
            {
                rows.Add(call, Wire.Http2);
                rows.Add(call, Wire.Http2Tls);
            }
            return rows;
        }
    }

    private GrpcApp App => _stage.GrpcApp;

    public void Dispose() => _stage.Awake(_stage.App.Port);

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task A_call_has_the_same_end(string call, Wire wire)
    {
        var direct = await TranscriptAsync(call, App.Port, null);
        var (port, authority) = _stage.EntranceOf(wire);

        Assert.Equal(direct, await TranscriptAsync(call, port, authority));
    }

    private async Task<string> TranscriptAsync(string line, int port, TestAuthority? authority)
    {
        App.Reset();
        using var channel = GrpcChannel.ForAddress($"{(authority is null ? "http" : "https")}://{Http1Client.Host}",
            new GrpcChannelOptions { HttpHandler = GatewayUnderTest.Handler(port, authority), DisposeHttpClient = true });
        var (words, also) = line.Split(" /") is [var first, var second] ? (first, second) : (line, "");
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(DifferentialStage.Cancellation);
        var call = new GrpcCall(
            new Echo.EchoClient(channel), OptionsOf(also, cancel.Token), also == "cancel" ? cancel : null, onlyTheEnd: also == "soon");
        var transcript = new StringBuilder();
        await call.MakeAsync(words, transcript);
        // On a busy machine the time may be up before the app has the call.
        if (App.Waits) await App.Cancelled.Task;
        return transcript.ToString();
    }

    private static CallOptions OptionsOf(string also, CancellationToken cancellation) => new(
        also == "metadata" ? new Metadata { { "x-a", "one" }, { "x-b", "two, three" }, { "x-c-bin", [0, 0x80, 0xFF] } } : null,
        also switch
        {
            "deadline" => TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(1),
            "soon" => TimeProvider.System.GetUtcNow().UtcDateTime.AddMilliseconds(500),
            _ => null,
        },
        cancellation);
}
