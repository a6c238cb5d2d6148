using System.Net;

namespace Codius.Web.Visits.Forwarding;

/// <summary>
/// Forwards each part of an upload of unknown length as it arrives. The HTTP/1.1 client by itself collects parts until its buffer
/// is full, which would delay what a slow client sends.
/// </summary>
internal sealed class UnbufferedUploads(HttpMessageHandler next) : DelegatingHandler(next)
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        // The forwarder flushes HTTP/2 itself; a body with a length is not buffered.
        if (request.Content is { Headers.ContentLength: null } upload && request.Version.Major == 1) request.Content = new Flushed(upload);
        return base.SendAsync(request, cancellationToken);
    }

    private sealed class Flushed : HttpContent
    {
        private readonly HttpContent _upload;

        public Flushed(HttpContent upload)
        {
            _upload = upload;
            foreach (var (name, values) in upload.Headers.NonValidated) Headers.TryAddWithoutValidation(name, values);
        }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
            _upload.CopyToAsync(new FlushingStream(stream), context, cancellationToken);

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
