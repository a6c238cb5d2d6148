using System.Net;

namespace Codius.Web.Visits.Forwarding;

/// <summary>
/// Sends each piece of an upload of unknown length on as it comes. The HTTP/1.1 client by itself gathers such pieces
/// until its buffer is full, which would keep a slow talker's words from the app.
/// </summary>
internal sealed class UnbufferedUploads(HttpMessageHandler next) : DelegatingHandler(next)
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        // The forwarder flushes HTTP/2 itself; a body with a length is not gathered.
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
