using System.Text;
using Codius.Web.Tests.Visits.Forwarding;
using Grpc.Core;

namespace Codius.Web.Tests.Visits.Differential;

/// <summary>Makes a call and writes down all that its client sees.</summary>
/// <param name="client">Makes it.</param>
/// <param name="options">Its metadata and deadline.</param>
/// <param name="cancel">Cancels it once the app has it; null if the client waits for its end.</param>
/// <param name="onlyTheEnd">True if how far it gets is a matter of time.</param>
internal sealed class GrpcCall(Echo.EchoClient client, CallOptions options, CancellationTokenSource? cancel, bool onlyTheEnd)
{
    public async Task MakeAsync(string words, StringBuilder transcript)
    {
        var (kind, text) = words.Split(' ', 2) is [var first, var second] ? (first, MessageText.Parse(second).Start) : (words, "");
        try
        {
            if (kind == "say") await SayAsync(text, transcript);
            else await TalkAsync(text.Split(',', StringSplitOptions.RemoveEmptyEntries), transcript);
        }
        catch (RpcException error)
        {
            if (onlyTheEnd) transcript.Clear();
            // Who cancels, or whose time is up, may see the app's end of the stream first, which has another status, with and without
            // the gateway.
            transcript.AppendLine(cancel is null && !onlyTheEnd ? $"error {error.StatusCode} {error.Status.Detail}" : "ended");
            Write("its trailer", error.Trailers, transcript);
        }
    }

    private async Task SayAsync(string text, StringBuilder transcript)
    {
        using var call = client.SayAsync(new Words { Text = text }, options);
        Write("header", await call.ResponseHeadersAsync, transcript);
        if (cancel is not null) await cancel.CancelAsync();
        transcript.AppendLine($"answer {(await call).Text}");
        Write("trailer", call.GetTrailers(), transcript);
    }

    private async Task TalkAsync(string[] texts, StringBuilder transcript)
    {
        using var call = client.Talk(options);
        foreach (var text in texts)
        {
            await call.RequestStream.WriteAsync(new Words { Text = text });
            if (text == texts[0]) Write("header", await call.ResponseHeadersAsync, transcript);
            if (text == "wait" && cancel is not null) await cancel.CancelAsync();
            transcript.AppendLine($"{await call.ResponseStream.MoveNext(CancellationToken.None)} {call.ResponseStream.Current?.Text}");
        }
        await call.RequestStream.CompleteAsync();
        transcript.AppendLine($"{await call.ResponseStream.MoveNext(CancellationToken.None)}");
        transcript.AppendLine($"{call.GetStatus()}");
        Write("trailer", call.GetTrailers(), transcript);
    }

    private static void Write(string kind, Metadata metadata, StringBuilder transcript)
    {
        var compared = metadata.Where(entry => entry.Key is not ("date" or "server")).OrderBy(entry => entry.Key, StringComparer.Ordinal);
        foreach (var entry in compared)
            transcript.AppendLine($"{kind} {entry.Key}: {(entry.IsBinary ? Convert.ToHexString(entry.ValueBytes) : entry.Value)}");
    }
}
