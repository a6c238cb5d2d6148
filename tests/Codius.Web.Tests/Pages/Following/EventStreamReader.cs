using System.Text.Json;

namespace Codius.Web.Tests.Pages.Following;

/// <summary>Reads server-sent events line by line.</summary>
internal sealed class EventStreamReader(HttpResponseMessage response) : IAsyncDisposable
{
    // A missing line fails the test instead of hanging it.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private StreamReader? _reader;

    public HttpResponseMessage Response => response;

    public static async Task<EventStreamReader> OpenAsync(HttpClient client, string url, CancellationToken cancellation) =>
        new(await client.GetAsync(url, HttpCompletionOption.ResponseHeadersRead, cancellation));

    /// <summary>The next line that is not empty; null at the end.</summary>
    public async Task<string?> LineAsync(CancellationToken cancellation)
    {
        _reader ??= new StreamReader(await response.Content.ReadAsStreamAsync(cancellation));
        while (await _reader.ReadLineAsync(cancellation).AsTask().WaitAsync(Patience, cancellation) is { } line)
            if (line.Length > 0)
                return line;
        return null;
    }

    /// <summary>The next state; heartbeats and <c>retry</c> lines are skipped.</summary>
    public async Task<JsonElement> EventAsync(CancellationToken cancellation)
    {
        while (await LineAsync(cancellation) is { } line)
            if (line == "event: alive")
                await LineAsync(cancellation);
            else if (line.StartsWith("data: ", StringComparison.Ordinal))
                return JsonDocument.Parse(line["data: ".Length..]).RootElement;
        throw new InvalidOperationException("The stream ended.");
    }

    public ValueTask DisposeAsync()
    {
        _reader?.Dispose();
        response.Dispose();
        return ValueTask.CompletedTask;
    }
}
