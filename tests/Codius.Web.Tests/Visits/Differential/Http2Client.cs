using System.Text;
using Codius.Testing;

namespace Codius.Web.Tests.Visits.Differential;

/// <summary>Sends a case's request over HTTP/2.</summary>
internal static class Http2Client
{
    public static async Task<Message?> SendAsync(int port, TestAuthority? authority, Exchange exchange)
    {
        using var connection = await Http2Connection.OpenAsync(port, authority);
        var request = exchange.Request;
        var start = request.Start.Split(' ');
        var noBody = request.Pieces.Count == 0 && request.Trailers.Count == 0;
        await connection.SendFieldsAsync(Head(start[0], start[1], authority, request.FramedFields), noBody);
        var answer = new Answer();
        if (!noBody)
        {
            if (request.Fields.Has("Expect")) answer.Add(await connection.ReadAsync());
            foreach (var piece in request.Pieces) await connection.SendDataAsync(piece, ends: false);
            if (request.Trailers.Count > 0) await connection.SendFieldsAsync(request.Trailers.Select(Lower), ends: true);
            else await connection.SendDataAsync("", ends: true);
        }
        while (!answer.Ended) answer.Add(await connection.ReadAsync());
        return answer.ToMessage();
    }

    public static IEnumerable<Field> Head(string method, string path, TestAuthority? authority, IEnumerable<Field> fields) =>
    [
        new(":method", method), new(":scheme", authority is null ? "http" : "https"),
        new(":authority", Http1Client.Host), new(":path", path),
        // Headers of the connection have no place in HTTP/2.
        .. fields.Where(field => !Differences.IsHopByHop(field.Name) || field.Is("TE")).Select(Lower),
    ];

    private static Field Lower(Field field) => field with { Name = field.Name.ToLowerInvariant() };

    private sealed class Answer
    {
        private readonly List<string> _interim = [];
        private readonly StringBuilder _body = new();
        private IReadOnlyList<Field>? _head;
        private IReadOnlyList<Field> _trailers = [];
        private bool _reset;

        public bool Ended { get; private set; }

        public void Add(Http2Event next)
        {
            Ended = next.Ends;
            if (next.Fields is { } fields)
            {
                if (_head is not null) _trailers = fields;
                else if (fields[0].Value[0] == '1') _interim.Add(fields[0].Value);
                else _head = fields;
            }
            else
            {
                _body.Append(next.Data);
                _reset = next.Data is null;
            }
        }

        public Message? ToMessage() => _head is null ? null
            : new Message(_head[0].Value, [.. _head.Skip(1)], _body.ToString(), _trailers, !_reset) { Interim = _interim };
    }
}
