using Codius.Web.Hosting;
using Codius.Web.Visits.Charging;
using Microsoft.Net.Http.Headers;
using Yarp.ReverseProxy.Forwarder;

namespace Codius.Web.Visits.Forwarding;

/// <summary>
/// Transforms the messages of a visit: the gateway writes the client's address into the request and removes its own cookies; the app's
/// answer cannot set cookies for the whole host, nor command a proxy in front.
/// </summary>
internal sealed class AppTransformer(Visit visit, CookieDomains cookies) : HttpTransformer
{
    public override ValueTask TransformRequestAsync(
        HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        proxyRequest.RequestUri = RawTarget.UriAt(destinationPrefix, visit);
        OwnCookies.Remove(httpContext.Request.Headers);
        // The forwarder drops it as if it were of one connection; a page's server may answer it with a redirect.
        if (httpContext.Request.Headers.TryGetValue(HeaderNames.UpgradeInsecureRequests, out var upgrades))
            proxyRequest.Headers.TryAddWithoutValidation(HeaderNames.UpgradeInsecureRequests, (IEnumerable<string?>)upgrades);
        var copying = base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
        // The base class copies headers without waiting for anything.
        if (!copying.IsCompletedSuccessfully) throw new InvalidOperationException("The headers were not copied at once.");
        ForwardedHeaders.Replace(httpContext.Request, proxyRequest);
        if (visit.Record is { Trace: not null } record) TraceHeaders.Replace(record.Current!, proxyRequest);
        return copying;
    }

    public override async ValueTask<bool> TransformResponseAsync(
        HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellationToken)
    {
        // No answer: the step decides what that means.
        if (proxyResponse is null) return false;

        if (!visit.Deadline.TryBeginAnswer()) throw new OperationCanceledException("The answer came at its deadline.");

        ProxyCommands.Remove(proxyResponse);
        // Headers first: an answer that cannot be forwarded is the app's failure, not its answer.
        var goesOn = await base.TransformResponseAsync(httpContext, proxyResponse, cancellationToken);
        var headers = httpContext.Response.Headers;
        cookies.Narrow(headers, visit.App.Name);

        CountedAnswer.Count(visit, proxyResponse);
        // A crash after this line costs the host one price at most: what was committed is settled within a second.
        VisitCharge.Answered(visit, (int)proxyResponse.StatusCode);

        WithoutWhatItMayNotHave(httpContext.Response, out var hasNoBody);
        if (visit.ServerTiming is { } timing) headers.Append("Server-Timing", timing);
        // The forwarder reports the body as an error after the answer, also an empty one, which is whole with its head.
        if (visit is { UploadRefused: true, Kind: not VisitKind.Preflight }) await httpContext.Response.StartAsync(cancellationToken);
        goesOn &= !hasNoBody;
        if (visit.Kind != VisitKind.Preflight) return goesOn && await EarlyHead.SendAsync(httpContext, proxyResponse, cancellationToken);

        // A preflight is free, so its answer has only headers.
        headers.ContentLength = null;
        headers.Remove(HeaderNames.ContentType);
        return false;
    }

    /// <summary>
    /// RFC 9110, 8.6 and 15.3.6: a 204 has no length, a 205 no body; the server refuses to send either, which would end in 500.
    /// </summary>
    private static void WithoutWhatItMayNotHave(HttpResponse response, out bool hasNoBody)
    {
        hasNoBody = response.StatusCode == StatusCodes.Status205ResetContent;
        if (hasNoBody || response.StatusCode == StatusCodes.Status204NoContent) response.ContentLength = null;
    }
}
