using System.Globalization;

namespace Codius.Web.Tests.Visits.Differential;

/// <summary>A client that sends its body and reads the answer's part by part.</summary>
internal sealed class StreamingClient : IDisposable
{
    private readonly Http1Client? _http1;
    private readonly Http2Connection? _http2;
    private string _read = "";
    private bool _chunked;
    private int _left;
    private bool _ended;

    private StreamingClient(Http1Client? http1, Http2Connection? http2) => (_http1, _http2) = (http1, http2);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<StreamingClient> OpenAsync(
        DifferentialStage stage, Wire wire, string method, IReadOnlyList<Field> fields, bool ends)
    {
        var (port, authority) = stage.EntranceOf(wire);
        if (wire.IsHttp2())
        {
            var connection = await Http2Connection.OpenAsync(port, authority);
            await connection.SendFieldsAsync(Http2Client.Head(method, "/", authority, fields), ends);
            return new StreamingClient(null, connection);
        }
        var client = await Http1Client.ConnectAsync(port, authority);
        var lines = fields.Append(new Field("Host", Http1Client.Host));
        if (!ends) lines = lines.Append(new Field("Transfer-Encoding", "chunked"));
        await client.SendAsync(string.Concat([$"{method} / HTTP/1.1\r\n", .. lines.Select(line => $"{line}\r\n"), "\r\n"]));
        return new StreamingClient(client, null);
    }

    public Task SendAsync(string part) =>
        _http2 is not null ? _http2.SendDataAsync(part, ends: false) : _http1!.SendAsync($"{part.Length:x}\r\n{part}\r\n");

    public Task EndAsync() => _http2 is not null ? _http2.SendDataAsync("", ends: true) : _http1!.SendAsync("0\r\n\r\n");

    /// <summary>The answer's headers, with <c>:status</c>.</summary>
    public async Task<IReadOnlyList<Field>> ReadHeadAsync()
    {
        if (_http2 is not null) return (await _http2.ReadAsync()).Fields!;
        var head = await _http1!.ReadHeadAsync();
        _chunked = head!["Transfer-Encoding"] is not null;
        _left = int.Parse(head["Content-Length"] ?? "0", CultureInfo.InvariantCulture);
        return [new Field(":status", head.Start[..3]), .. head.Fields];
    }

    /// <summary>As many bytes of the body as are asked for, or as come before its end.</summary>
    public async Task<string> ReadAsync(int length)
    {
        while (_read.Length < length && !_ended) await ReadMoreAsync(length - _read.Length);
        var part = _read[..Math.Min(length, _read.Length)];
        _read = _read[part.Length..];
        return part;
    }

    public void Dispose()
    {
        _http1?.Dispose();
        _http2?.Dispose();
    }

    private async Task ReadMoreAsync(int most)
    {
        if (_http2 is not null)
        {
            var next = await _http2.ReadAsync();
            (_read, _ended) = (_read + next.Data, next.Ends);
        }
        else if (_chunked)
        {
            var size = int.Parse((await _http1!.Reader.ReadLineAsync(Cancellation))!, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            _read += await _http1.Reader.ReadAsync(size, Cancellation);
            await _http1.Reader.ReadLineAsync(Cancellation);
            _ended = size == 0;
        }
        else
        {
            var part = await _http1!.Reader.ReadAsync(Math.Min(most, _left), Cancellation);
            (_read, _left) = (_read + part, _left - part.Length);
            _ended = _left == 0 || part.Length == 0;
        }
    }
}
