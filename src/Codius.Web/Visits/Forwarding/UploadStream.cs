namespace Codius.Web.Visits.Forwarding;

/// <summary>
/// A write-only stream to the app. It notes that the request was sent once the first flush or write is done (the forwarder flushes the
/// head before it reads the body), and times the app while that does not take what is written.
/// </summary>
internal sealed class UploadStream(Stream inner, Visit visit, bool flushes) : Stream
{
    /// <summary>True once a write failed: the app takes no more.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>The bytes given to the client, with those of a write that failed.</summary>
    public long Written { get; private set; }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        NoteAsync(WriteToClientAsync(buffer, cancellationToken));

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) =>
        NoteAsync(new ValueTask(inner.FlushAsync(cancellationToken))).AsTask();

    public override void Flush() => inner.Flush();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private ValueTask NoteAsync(ValueTask write)
    {
        if (!write.IsCompletedSuccessfully) return WaitAsync(write);
        NoteSent();
        return write;
    }

    private async ValueTask WaitAsync(ValueTask write)
    {
        visit.Deadline.Run();
        try
        {
            await write;
        }
        catch (IOException)
        {
            IsClosed = true;
            throw;
        }
        NoteSent();
        visit.Deadline.Pause();
    }

    // Not over Refused: the stream of a refused attempt may still end.
    private void NoteSent()
    {
        if (visit.Delivery == Delivery.Pending) visit.Deliver();
    }

    private ValueTask WriteToClientAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        Written += buffer.Length;
        return flushes ? WriteAndFlushAsync(buffer, cancellationToken) : inner.WriteAsync(buffer, cancellationToken);
    }

    private async ValueTask WriteAndFlushAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        await inner.WriteAsync(buffer, cancellationToken);
        await inner.FlushAsync(cancellationToken);
    }
}
