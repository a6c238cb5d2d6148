using System.Net;

namespace Codius.Web.Visits.Forwarding;

/// <summary>
/// Sends the head of an answer on while its body is still to come: an event stream is open before its first event. The
/// forwarder by itself writes the head with the first piece of the body, so that an answer without one can end with its head.
/// </summary>
internal static class EarlyHead
{
    /// <returns>False if the app broke off before anything came; the client's answer is then broken off as well.</returns>
    public static ValueTask<bool> SendAsync(HttpContext context, HttpResponseMessage answer, CancellationToken cancellation) =>
        // A length is mostly that of a body which is already there; a 101 belongs to whoever upgrades the connection.
        answer.Content.Headers.ContentLength is null && answer.StatusCode != HttpStatusCode.SwitchingProtocols
            ? WaitForBodyAsync(context, answer, cancellation)
            : new(true);

    private static async ValueTask<bool> WaitForBodyAsync(HttpContext context, HttpResponseMessage answer, CancellationToken cancellation)
    {
        // Reads nothing: it ends when there is something to read, or nothing more to come.
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
            // The head is out, so only a cut tells the client that this is not the whole answer.
            context.Abort();
            return false;
        }
    }
}
