namespace Codius.Web.Tests.Visits.Differential;

/// <summary>The client's end of a WebSocket as bytes, over HTTP/1.1 or as a stream of HTTP/2.</summary>
internal sealed class RawWebSocket : IDisposable
{
    public const string Key = "dGhlIHNhbXBsZSBub25jZQ==";

    private readonly Http1Client? _http1;
    private readonly Http2Connection? _http2;
    private string _read = "";
    private bool _ended;

    private RawWebSocket(Http1Client? http1, Http2Connection? http2, IReadOnlyList<Field> fields) =>
        (_http1, _http2, Fields) = (http1, http2, fields);

    /// <summary>The headers of the app's answer.</summary>
    public IReadOnlyList<Field> Fields { get; }

    public static async Task<RawWebSocket> OpenAsync(DifferentialStage stage, Wire wire, params Field[] fields)
    {
        var (port, authority) = stage.EntranceOf(wire);
        if (!wire.IsHttp2())
        {
            var client = await Http1Client.ConnectAsync(port, authority);
            await client.SendAsync($"GET /socket HTTP/1.1\r\nHost: {Http1Client.Host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                + string.Concat(fields.Append(new Field("Sec-WebSocket-Key", Key)).Select(field => $"{field}\r\n")) + "\r\n");
            var head = await client.ReadHeadAsync();
            Assert.Equal("101 Switching Protocols", head?.Start);
            return new RawWebSocket(client, null, head!.Fields);
        }
        var connection = await Http2Connection.OpenAsync(port, authority);
        await connection.SendFieldsAsync(
            Http2Client.Head("CONNECT", "/socket", authority, fields).Prepend(new Field(":protocol", "websocket")), ends: false);
        var answer = await connection.ReadAsync();
        Assert.Equal("200", answer.Fields?[0].Value);
        return new RawWebSocket(null, connection, [.. answer.Fields!.Skip(1)]);
    }

    public Task SendAsync(string bytes) => _http1?.SendAsync(bytes) ?? _http2!.SendDataAsync(bytes, ends: false);

    /// <summary>As many bytes as are asked for, or as come before the end.</summary>
    public async Task<string> ReadAsync(int length)
    {
        if (_http1 is not null) return await _http1.Reader.ReadAsync(length, TestContext.Current.CancellationToken);
        while (_read.Length < length && !_ended)
        {
            var next = await _http2!.ReadAsync();
            (_read, _ended) = (_read + next.Data, next.Ends);
        }
        var part = _read[..Math.Min(length, _read.Length)];
        _read = _read[part.Length..];
        return part;
    }

    public Task EndAsync()
    {
        if (_http2 is not null) return _http2.SendDataAsync("", ends: true);
        _http1!.EndOutput();
        return Task.CompletedTask;
    }

    public void BreakOff()
    {
        _http1?.BreakOff();
        _http2?.BreakOff();
    }

    public void Dispose()
    {
        _http1?.Dispose();
        _http2?.Dispose();
    }
}
