using System.Net;

namespace Codius.Web.Visits.Forwarding;

/// <summary>
/// Notes how far the body of a request got, and forwards each part of an upload of unknown length as it arrives. The HTTP/1.1 client by
/// itself collects parts until its buffer is full, which would delay what a slow client sends.
/// </summary>
internal sealed class Uploads(HttpMessageHandler next) : DelegatingHandler(next)
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request is { Content: { } body, RequestUri: AppTarget { Visit: var visit } } && body.Headers.ContentLength is not 0)
            request.Content = new Upload(body, visit, request.Version.Major);
        return base.SendAsync(request, cancellationToken);
    }
}

/// <summary>The body of a forwarded request.</summary>
internal sealed class Upload : HttpContent
{
    private readonly HttpContent _body;
    private readonly Visit _visit;
    private readonly bool _flushes;

    public Upload(HttpContent body, Visit visit, int version)
    {
        (_body, _visit) = (body, visit);
        // The forwarder flushes HTTP/2 itself; a body with a length is not buffered.
        _flushes = version == 1 && body.Headers.ContentLength is null;
        foreach (var (name, values) in body.Headers.NonValidated) Headers.TryAddWithoutValidation(name, values);
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        if (_visit.BodyTaken) throw new IOException("The app refused the request, whose body cannot be sent again.");
        _visit.BodyTaken = true;
        _visit.Deadline.Pause();
        await _body.CopyToAsync(new UploadStream(stream, _visit, _flushes), context, cancellationToken);
        _visit.Deadline.Run();
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
