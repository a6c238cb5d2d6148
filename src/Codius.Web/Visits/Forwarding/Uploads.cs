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
    private static readonly byte[] Padding = new byte[64 * 1024];

    private readonly HttpContent _body;
    private readonly Visit _visit;
    private readonly int _version;

    public Upload(HttpContent body, Visit visit, int version)
    {
        (_body, _visit, _version) = (body, visit, version);
        foreach (var (name, values) in body.Headers.NonValidated) Headers.TryAddWithoutValidation(name, values);
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        if (_visit.BodyTaken) throw new IOException("The app refused the request, whose body cannot be sent again.");
        _visit.BodyTaken = true;
        _visit.Deadline.Pause();
        // The forwarder flushes HTTP/2 itself; a body with a length is not buffered.
        var length = _body.Headers.ContentLength;
        var upload = new UploadStream(stream, _visit, flushes: _version == 1 && length is null);
        // It returns if the app takes no more: the forwarder leaves it to the client to fail.
        await _body.CopyToAsync(upload, context, cancellationToken);
        if (upload.IsClosed && _version == 1 && _visit.Delivery == Delivery.Sent)
        {
            _visit.UploadRefused = true;
            if (length is { } all) await PadAsync(stream, all - upload.Written, cancellationToken);
        }
        _visit.Deadline.Run();
    }

    // The client reads the answer only after as many bytes as it announced; none of these is sent (AppStream).
    private static async Task PadAsync(Stream stream, long left, CancellationToken cancellationToken)
    {
        for (int part; left > 0; left -= part)
        {
            part = (int)Math.Min(left, Padding.Length);
            await stream.WriteAsync(Padding.AsMemory(0, part), cancellationToken);
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
