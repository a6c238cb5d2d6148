using System.Collections.Concurrent;
using System.Net.Sockets;

namespace SoakLoad;

/// <summary>Counts what the gateway answered, by the kind of request and the status.</summary>
internal sealed class Outcomes
{
    private readonly ConcurrentDictionary<(string Kind, string Status), long> _counts = new();

    public IEnumerable<IGrouping<string, (string Status, long Count)>> ByKind =>
        _counts.OrderBy(pair => pair.Key).GroupBy(pair => pair.Key.Kind, pair => (pair.Key.Status, pair.Value));

    public void Add(string kind, string status) => _counts.AddOrUpdate((kind, status), 1, static (_, count) => count + 1);

    /// <summary>Sends a request and counts its status, or how it failed; null if it failed.</summary>
    public async Task<string?> SendAsync(string kind, HttpClient client, HttpRequestMessage request)
    {
        try
        {
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            Add(kind, ((int)response.StatusCode).ToString(System.Globalization.CultureInfo.InvariantCulture));
            return await response.Content.ReadAsStringAsync();
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or SocketException or OperationCanceledException)
        {
            Add(kind, exception is OperationCanceledException ? "no answer in 30 s" : "connection ended");
            return null;
        }
        finally
        {
            request.Dispose();
        }
    }
}
