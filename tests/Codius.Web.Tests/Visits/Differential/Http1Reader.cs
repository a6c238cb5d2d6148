using System.Globalization;
using System.Text;

namespace Codius.Web.Tests.Visits.Differential;

/// <summary>Reads HTTP/1.1 messages as they are on the wire, without judging them.</summary>
internal sealed class Http1Reader(Stream stream)
{
    private readonly byte[] _buffer = new byte[16 * 1024];
    private int _at;
    private int _end;

    /// <summary>True once the other side has closed.</summary>
    public bool Ended { get; private set; }

    /// <summary>The head's lines; null if the connection ends first.</summary>
    public async Task<Message?> ReadHeadAsync(CancellationToken cancellation)
    {
        if (await ReadLineAsync(cancellation) is not { Length: > 0 } start) return null;
        return new Message(start, await ReadFieldsAsync(cancellation), "", [], Whole: true);
    }

    /// <param name="head">The head, already read.</param>
    /// <param name="untilTheEnd">True for an answer whose body ends with the connection.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<Message> ReadBodyAsync(Message head, bool untilTheEnd, CancellationToken cancellation)
    {
        if (head["Transfer-Encoding"] is not null) return await ReadChunksAsync(head, cancellation);
        if (head["Content-Length"] is { } given)
        {
            var length = int.Parse(given, CultureInfo.InvariantCulture);
            var body = await ReadAsync(length, cancellation);
            return head with { Body = body, Whole = body.Length == length };
        }
        return untilTheEnd ? head with { Body = await ReadAsync(int.MaxValue, cancellation) } : head;
    }

    /// <summary>As many bytes as are asked for, or as come before the end.</summary>
    public async Task<string> ReadAsync(int length, CancellationToken cancellation)
    {
        var read = new StringBuilder();
        while (read.Length < length && (_at < _end || await FillAsync(cancellation)))
        {
            var part = Math.Min(length - read.Length, _end - _at);
            read.Append(Encoding.Latin1.GetString(_buffer, _at, part));
            _at += part;
        }
        return read.ToString();
    }

    public async Task<string?> ReadLineAsync(CancellationToken cancellation)
    {
        var line = new StringBuilder();
        while (_at < _end || await FillAsync(cancellation))
        {
            var next = (char)_buffer[_at++];
            if (next == '\n') return line.ToString().TrimEnd('\r');
            line.Append(next);
        }
        return null;
    }

    /// <summary>Reads what comes before the end, and forgets it.</summary>
    public async Task DrainAsync(CancellationToken cancellation)
    {
        while (await FillAsync(cancellation)) { }
    }

    private async Task<Message> ReadChunksAsync(Message head, CancellationToken cancellation)
    {
        var body = new StringBuilder();
        while (await ReadLineAsync(cancellation) is { } size)
        {
            var length = int.Parse(size.Split(';')[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            if (length == 0)
            {
                var trailers = await ReadFieldsAsync(cancellation);
                return head with { Body = body.ToString(), Trailers = trailers };
            }
            body.Append(await ReadAsync(length, cancellation));
            if (await ReadLineAsync(cancellation) is null) break;
        }
        return head with { Body = body.ToString(), Whole = false };
    }

    private async Task<IReadOnlyList<Field>> ReadFieldsAsync(CancellationToken cancellation)
    {
        var fields = new List<Field>();
        while (await ReadLineAsync(cancellation) is { Length: > 0 } line)
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            fields.Add(new Field(line[..colon], line[(colon + 1)..].Trim(' ', '\t')));
        }
        return fields;
    }

    private async Task<bool> FillAsync(CancellationToken cancellation)
    {
        try
        {
            (_at, _end) = (0, await stream.ReadAsync(_buffer, cancellation));
        }
        catch (IOException)
        {
            // Reset: for what was read until then, the same as an end.
            _end = 0;
        }
        Ended = _end == 0;
        return !Ended;
    }
}
