using System.Net;
using Codius.Web.Visits.AccessLog;

namespace Codius.Web.Visits.Forwarding;

/// <summary>The body of an app's answer, whose bytes are counted for the access log.</summary>
internal sealed class CountedAnswer : HttpContent
{
    private readonly HttpContent _body;
    private readonly VisitRecord _record;

    private CountedAnswer(HttpContent body, VisitRecord record)
    {
        (_body, _record) = (body, record);
        foreach (var (name, values) in body.Headers.NonValidated) Headers.TryAddWithoutValidation(name, values);
    }

    /// <summary>Counts the answer of a visit that is logged. A socket's streams go both ways and are not counted.</summary>
    public static void Count(Visit visit, HttpResponseMessage answer)
    {
        if (visit.Record is not { IsLogged: true } record || answer.StatusCode == HttpStatusCode.SwitchingProtocols) return;
        record.Bytes = 0;
        answer.Content = new CountedAnswer(answer.Content, record);
    }

    protected override async Task<Stream> CreateContentReadStreamAsync() => new Counter(await _body.ReadAsStreamAsync(), _record);

    protected override async Task<Stream> CreateContentReadStreamAsync(CancellationToken cancellationToken) =>
        new Counter(await _body.ReadAsStreamAsync(cancellationToken), _record);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => _body.CopyToAsync(stream, context);

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _body.Dispose();
        base.Dispose(disposing);
    }

    private sealed class Counter(Stream inner, VisitRecord record) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            Counted(await inner.ReadAsync(buffer, cancellationToken));

        public override async Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            Counted(await inner.ReadAsync(buffer.AsMemory(offset, count), cancellationToken));

        public override int Read(byte[] buffer, int offset, int count) => Counted(inner.Read(buffer, offset, count));

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing) inner.Dispose();
            base.Dispose(disposing);
        }

        private int Counted(int read)
        {
            record.Bytes += read;
            return read;
        }
    }
}
