using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Codius.Web.Tests.Payments.Transcripts;

/// <summary>
/// Records what went over the wire, with everything that differs from run to run (ids, secrets, times, ports) replaced.
/// </summary>
internal sealed partial class Transcript
{
    private static readonly JsonSerializerOptions Pretty =
        new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly StringBuilder _text = new();
    private readonly Lock _lock = new();
    private readonly Dictionary<string, string> _names = [];
    private bool _hasPacket;

    public override string ToString() => _text.ToString();

    /// <summary>Replaces an address of this run by a name from now on.</summary>
    public void Name(string address, string name) => _names[address] = name;

    public void Title(string title, string text)
    {
        lock (_lock)
        {
            _hasPacket = false;
            _text.Append("\n## ").Append(title).Append("\n\n").Append(text).Append('\n');
        }
    }

    public void Write(string text)
    {
        lock (_lock) _text.Append('\n').Append(Same(text)).Append('\n');
    }

    /// <summary>A block of code, such as a command and its output.</summary>
    public void Block(string text)
    {
        lock (_lock) _text.Append("\n```\n").Append(Same(text).Trim()).Append("\n```\n");
    }

    /// <summary>One request and its response.</summary>
    public void Exchange(string request, IEnumerable<string> headers, string? body, int status, IEnumerable<string> answerHeaders,
        string? answer)
    {
        var text = new StringBuilder().Append("\n```http\n").Append(request).Append('\n');
        Part(text, headers, body);
        text.Append('\n').Append(status).Append('\n');
        Part(text, answerHeaders, answer);
        lock (_lock) _text.Append(Same(text.ToString()).TrimEnd()).Append("\n```\n");
    }

    /// <summary>The first packet of a way to pay; the others look like it, and their number depends on the sender.</summary>
    public void Packet(string url)
    {
        lock (_lock)
        {
            if (_hasPacket) return;
            _hasPacket = true;
            _text.Append("\n```http\nPOST ").Append(Same(url))
                .Append(
                "\nAuthorization: Bearer {connector token}\nContent-Type: application/octet-stream\n\n{ILP "
                + "Prepare}\n\n200\nContent-Type: application/octet-stream\n\n{ILP Fulfill}\n```\n\n... and so on, packet by packet.\n");
        }
    }

    private static void Part(StringBuilder text, IEnumerable<string> headers, string? body)
    {
        foreach (var header in headers) text.Append(header).Append('\n');
        if (string.IsNullOrEmpty(body)) return;
        text.Append('\n').Append(body.StartsWith('{') ? JsonNode.Parse(body)!.ToJsonString(Pretty) : body).Append('\n');
    }

    private string Same(string text)
    {
        foreach (var (address, name) in _names)
            text = text.Replace(address, name, StringComparison.Ordinal)
            .Replace(Uri.EscapeDataString(address), Uri.EscapeDataString(name), StringComparison.Ordinal);
        text = SealedPayment().Replace(text, "{sealed}");
        text = Uuid().Replace(text, "{uuid}");
        text = Hex().Replace(text, "{id}");
        text = Time().Replace(text, "{time}");
        text = Created().Replace(text, "created={seconds}");
        text = SentAt().Replace(text, "{seconds}");
        text = IlpAddress().Replace(text, "$1.{token}");
        text = Value().Replace(text, "{...}");
        return Secret().Replace(text, "{...}");
    }

    [GeneratedRegex("(?<=/op/[a-z]+/)[A-Za-z0-9_-]+(?=/incoming-payments/)")]
    private static partial Regex SealedPayment();

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")]
    private static partial Regex Uuid();

    [GeneratedRegex("(?<=/)[0-9a-f]{32}")]
    private static partial Regex Hex();

    [GeneratedRegex(@"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")]
    private static partial Regex Time();

    [GeneratedRegex(@"created=\d+")]
    private static partial Regex Created();

    [GeneratedRegex(@"(?<=codius-sent=\d+\.)\d+")]
    private static partial Regex SentAt();

    [GeneratedRegex(@"(test\.(?:codius|wallet))\.[A-Za-z0-9_~.-]{20,}")]
    private static partial Regex IlpAddress();

    // Between quotes, colons or the signs of a query, base64 may begin with a slash.
    [GeneratedRegex("(?<=[\"=:])(?!//)(?:[A-Za-z0-9_/+-]|%2[FB]){22,}(?:=|%3D){0,2}(?=[\"&:\\s])")]
    private static partial Regex Value();

    // Hex, base64 and base64url of at least 16 bytes.
    [GeneratedRegex(
        @"(?<![A-Za-z0-9_/+.-])(?!application/)(?:[a-z]+-)?[A-Za-z0-9_+-](?:[A-Za-z0-9_/+-]|%2[FB]){21,}(?:=|%3D){0,2}(?![A-Za-z0-9_.])")]
    private static partial Regex Secret();
}
