using System.Net;

namespace Codius.Web.Visits.Forwarding;

/// <summary>
/// Forwards the head of an answer before its body: an event stream is open before its first event. The forwarder by itself writes
/// the head with the first part of the body, so that an answer without a body can end with its head.
/// </summary>
internal static class EarlyHead
{
    /// <returns>False if the app's connection broke before any of the body came; the client's is then aborted as well.</returns>
    public static ValueTask<bool> SendAsync(HttpContext context, HttpResponseMessage answer, CancellationToken cancellation) =>
        // A body with a length is mostly there already; a 101 is written by the code that upgrades the connection.
        answer.Content.Headers.ContentLength is null && answer.StatusCode != HttpStatusCode.SwitchingProtocols
            ? WaitForBodyAsync(context, answer, cancellation)
            : new(true);

    private static async ValueTask<bool> WaitForBodyAsync(HttpContext context, HttpResponseMessage answer, CancellationToken cancellation)
    {
        // A zero-byte read completes when there is data to read or the body has ended.
        var body = await answer.Content.ReadAsStreamAsync(cancellation);
        var there = body.ReadAsync(Memory<byte>.Empty, cancellation);
        if (there.IsCompletedSuccessfully)
        {
            _ = there.Result;
            return true;
        }
        try
        {
            await context.Response.Body.FlushAsync(cancellation);
            _ = await there;
            return true;
        }
        catch (Exception broken) when (broken is IOException or HttpRequestException or OperationCanceledException)
        {
            // The head is sent, so only an abort shows the client that the answer is incomplete.
            context.Abort();
            return false;
        }
    }
}
