using System.Collections.Concurrent;
using System.Text.Json;
using Codius.Shared;
using OpenPayments.Net.Signatures;

namespace OpenPayments.Net.Clients;

/// <summary>Finds the key a client signed with: its own if it is a bare key, else one of its wallet address's <c>jwks.json</c>.</summary>
/// <param name="http">Fetches <c>jwks.json</c>; from <see cref="GuardedHttp"/>.</param>
/// <param name="insecure">For tests only, see <see cref="GuardedHttp.Create"/>.</param>
/// <param name="time">The clock of the cache.</param>
internal sealed class ClientKeys(HttpClient http, bool insecure, TimeProvider time)
{
    private const int MaxCached = 10_000;
    private const int MaxKeys = 50;
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(5);

    // An unknown key id is fetched again, but not at every request of a client that invents key ids.
    private static readonly TimeSpan RefetchAfter = TimeSpan.FromSeconds(10);

    // Outbound rate limit per host: a caller chooses the host.
    private readonly TokenBuckets<string> _hosts = new(time, perSecond: 20, burst: 200, tracked: 4096, StringComparer.OrdinalIgnoreCase);

    private readonly ConcurrentDictionary<string, Fetched> _cache = new(StringComparer.Ordinal);

    /// <summary>The key; null if the client has none of that name, or its keys cannot be had.</summary>
    /// <exception cref="OpenPaymentsUnavailableException">Too many requests to the client's host: try again later.</exception>
    public async ValueTask<Jwk?> FindAsync(Client client, string keyId, CancellationToken cancellation)
    {
        if (client.Key is { } bare) return bare.KeyId == keyId ? bare : null;
        if (!_cache.TryGetValue(client.Id, out var fetched) || Age(fetched) > Fresh)
            fetched = await FetchAsync(client, cancellation);
        var key = fetched.Keys.FirstOrDefault(key => key.KeyId == keyId);
        if (key is null && Age(fetched) > RefetchAfter)
            key = (await FetchAsync(client, cancellation)).Keys.FirstOrDefault(key => key.KeyId == keyId);
        return key;
    }

    private TimeSpan Age(Fetched fetched) => time.GetElapsedTime(fetched.At);

    private async Task<Fetched> FetchAsync(Client client, CancellationToken cancellation)
    {
        var fetched = new Fetched(await FetchKeysAsync(client.WalletAddress!, cancellation), time.GetTimestamp());
        if (_cache.Count >= MaxCached)
            foreach (var (id, old) in _cache)
                if (Age(old) > Fresh) _cache.TryRemove(id, out _);
        if (_cache.Count < MaxCached) _cache[client.Id] = fetched;
        return fetched;
    }

    private async Task<IReadOnlyList<Jwk>> FetchKeysAsync(Uri walletAddress, CancellationToken cancellation)
    {
        var url = new Uri(walletAddress.AbsoluteUri.TrimEnd('/') + "/jwks.json");
        if (!GuardedHttp.IsAllowed(url, insecure)) return [];
        if (!_hosts.TryAcquire(url.IdnHost, out _))
            throw new OpenPaymentsUnavailableException($"Too many requests for keys at {url.IdnHost}.");
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, url);
            request.Headers.Accept.ParseAdd("application/json");
            using var response = await http.SendAsync(request, cancellation);
            if (!response.IsSuccessStatusCode) return [];
            using var json = await JsonDocument.ParseAsync(await response.Content.ReadAsStreamAsync(cancellation), default, cancellation);
            return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("keys", out var keys)
                && keys.ValueKind == JsonValueKind.Array
                ? [.. Read(keys)]
                : [];
        }
        // Any failure of the client's host counts as a client without keys.
        catch (Exception unreachable) when (unreachable is HttpRequestException or JsonException or IOException
            || (unreachable is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return [];
        }
    }

    private static IEnumerable<Jwk> Read(JsonElement keys)
    {
        foreach (var json in keys.EnumerateArray().Take(MaxKeys))
            if (Jwk.TryRead(json, out var key)) yield return key;
    }

    private sealed record Fetched(IReadOnlyList<Jwk> Keys, long At);
}
