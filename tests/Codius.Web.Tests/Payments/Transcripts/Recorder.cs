using System.Net;
using System.Text.RegularExpressions;
using Interledger.Net.Packets;

namespace Codius.Web.Tests.Payments.Transcripts;

/// <summary>Writes each request and response into a transcript; of pages only their heading.</summary>
internal sealed partial class Recorder(Transcript transcript, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private static readonly string[] Shown =
        ["Accept", "Authorization", "Content-Type", "Content-Digest", "Signature-Input", "Signature", "Origin", "Cache-Control", "Vary",
            "Link", "Location", "Set-Cookie", "WWW-Authenticate"];

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = request.Content is null ? null : await request.Content.ReadAsByteArrayAsync(cancellationToken);
        var response = await base.SendAsync(request, cancellationToken);
        await response.Content.LoadIntoBufferAsync(cancellationToken);
        var answer = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        if (request.Content?.Headers.ContentType?.MediaType == "application/octet-stream")
        {
            if (IlpPacket.TryRead(answer, out var packet, out _) && packet is IlpFulfill)
                transcript.Packet(request.RequestUri!.AbsoluteUri);
            return response;
        }
        transcript.Exchange($"{request.Method} {request.RequestUri!.AbsoluteUri}",
            [.. request.Headers.Concat(request.Content?.Headers.AsEnumerable() ?? []).Where(header => Shown.Contains(header.Key))
                .Select(Line)],
            body is null ? null : System.Text.Encoding.UTF8.GetString(body), (int)response.StatusCode,
            [.. response.Headers.Concat(response.Content.Headers).Where(header => Shown.Contains(header.Key))
                .OrderBy(header => header.Key, StringComparer.Ordinal).Select(Line)],
            Text(response, System.Text.Encoding.UTF8.GetString(answer)));
        return response;
    }

    private static string Line(KeyValuePair<string, IEnumerable<string>> header) => $"{header.Key}: {string.Join(", ", header.Value)}";

    private static string Text(HttpResponseMessage response, string text)
    {
        if (response.Content.Headers.ContentType?.MediaType != "text/html") return text;
        var heading = Tags().Replace(Heading().Match(text).Groups[1].Value, "");
        return $"(a page: {WebUtility.HtmlDecode(heading)})";
    }

    [GeneratedRegex("<h1[^>]*>(.*?)</h1>", RegexOptions.Singleline)]
    private static partial Regex Heading();

    [GeneratedRegex("<[^>]+>")]
    private static partial Regex Tags();
}
