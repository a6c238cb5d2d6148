using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using Interledger.Net.AspNetCore;
using Interledger.Net.Packets;
using Interledger.Net.Streaming.Receiving;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace PacketLoad;

/// <summary>
/// The two .NET servers that are compared: the receiver behind <c>/ilp</c>, and an endpoint that only reads and answers as many bytes.
/// </summary>
internal static class Servers
{
    private static ulong _total;

    public static async Task RunAsync(string what)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        await using var app = builder.Build();
        var receiver = Receiver();
        if (what == "receiver")
        {
            app.MapIlpOverHttp("/ilp", new IlpPeerTokens("load", "0123456789abcdef-load"),
                (packet, _, _) => ValueTask.FromResult(Answer(receiver, packet)));
        }
        else app.MapPost("/{**path}", AnswerBareAsync);

        await app.StartAsync();
        var me = receiver.Create(new StreamTokenClaims { AccountId = "load", ExpiresAt = TimeProvider.System.GetUtcNow().AddHours(1) });
        var url = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        Console.WriteLine(JsonSerializer.Serialize(
            new { port = url.Port, address = me.DestinationAccount.ToString(), secret = me.SharedSecret.ToBase64() }));
        await app.WaitForShutdownAsync();
    }

    private static StreamReceiver Receiver() => new(new StreamReceiverOptions
    {
        Address = IlpAddress.Parse("test.load"),
        AssetCode = "XYZ",
        AssetScale = 9,
        Secret = new StreamServerSecret(1, RandomNumberGenerator.GetBytes(32)),
    });

    private static ReadOnlyMemory<byte> Answer(StreamReceiver receiver, IlpPrepareView packet)
    {
        var decision = receiver.Receive(packet);
        if (decision.IsFinished) return decision.Reply;
        return decision.Money.Fulfill(Interlocked.Add(ref _total, decision.Money.Amount));
    }

    /// <summary>
    /// The least that an endpoint for packets can do: read the body, answer as many bytes as a Fulfill has.
    /// </summary>
    private static async Task AnswerBareAsync(HttpContext context)
    {
        var reader = context.Request.BodyReader;
        var body = await reader.ReadAsync();
        while (!body.IsCompleted)
        {
            reader.AdvanceTo(body.Buffer.Start, body.Buffer.End);
            body = await reader.ReadAsync();
        }

        reader.AdvanceTo(body.Buffer.End);
        context.Response.ContentType = "application/octet-stream";
        context.Response.ContentLength = Reply.Length;
        await context.Response.BodyWriter.WriteAsync(Reply);
    }

    private static byte[] Reply { get; } = new byte[75];
}
