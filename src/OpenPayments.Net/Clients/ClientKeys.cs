using System.Collections.Concurrent;
using System.Net;
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

    // Outbound rate limit per host: a caller chooses the host.
    private readonly TokenBuckets<string> _hosts = new(time, perSecond: 20, burst: 200, tracked: 4096, StringComparer.OrdinalIgnoreCase);

    private readonly ConcurrentDictionary<string, CachedKeys> _cache = new(StringComparer.Ordinal);

    /// <summary>The key; null if the client has none of that name, or its keys cannot be had.</summary>
    /// <exception cref="OpenPaymentsUnavailableException">Too many requests to the client's host: try again later.</exception>
    public async ValueTask<Jwk?> FindAsync(Client client, string keyId, CancellationToken cancellation)
    {
        if (client.Key is { } bare) return bare.KeyId == keyId ? bare : null;
        var cached = CacheOf(client);
        return Named(await cached.GetAsync(changed: false, cancellation), keyId)
            ?? Named(await cached.GetAsync(changed: true, cancellation), keyId);
    }

    /// <summary>
    /// The key that replaced <paramref name="key"/> under its name; null if none did, or the client's keys were fetched just now. Call it
    /// when a signature does not verify.
    /// </summary>
    /// <exception cref="OpenPaymentsUnavailableException">Too many requests to the client's host: try again later.</exception>
    public async ValueTask<Jwk?> FindSuccessorAsync(Client client, Jwk key, CancellationToken cancellation)
    {
        // Not cached: they were fetched just now.
        if (!_cache.TryGetValue(client.Id, out var cached)) return null;
        var now = Named(await cached.GetAsync(changed: true, cancellation), key.KeyId);
        return now is null || now.PublicKey.Equals(key.PublicKey) ? null : now;
    }

    private static Jwk? Named(IReadOnlyList<Jwk> keys, string keyId) => keys.FirstOrDefault(key => key.KeyId == keyId);

    private CachedKeys CacheOf(Client client)
    {
        if (_cache.TryGetValue(client.Id, out var cached)) return cached;
        if (_cache.Count >= MaxCached)
            foreach (var (id, old) in _cache)
                if (old.Age > CachedKeys.Fresh) _cache.TryRemove(id, out _);
        var fresh = new CachedKeys(() => FetchAsync(client.WalletAddress!), time);
        return _cache.Count < MaxCached ? _cache.GetOrAdd(client.Id, fresh) : fresh;
    }

    private async Task<IReadOnlyList<Jwk>?> FetchAsync(Uri walletAddress)
    {
        var url = new Uri(walletAddress.AbsoluteUri.TrimEnd('/') + "/jwks.json");
        if (!GuardedHttp.IsAllowed(url, insecure)) return [];
        if (!_hosts.TryAcquire(url.IdnHost, out _))
            throw new OpenPaymentsUnavailableException($"Too many requests for keys at {url.IdnHost}.");
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, url);
            request.Headers.Accept.ParseAdd("application/json");
            // Redirects are not followed: the client is the wallet address that it names, and an open redirect on a wallet's host would let
            // others sign as its wallets. A client behind an own domain names the address that the wallet's document has as its id.
            // Others may wait for this fetch too, so no caller cancels it; the client's own time-out does.
            using var response = await http.SendAsync(request, CancellationToken.None);
            if (response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Gone) return [];
            if (!response.IsSuccessStatusCode) return null;
            using var json = await JsonDocument.ParseAsync(await response.Content.ReadAsStreamAsync(CancellationToken.None));
            return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("keys", out var keys)
                && keys.ValueKind == JsonValueKind.Array
                ? [.. Read(keys)]
                : null;
        }
        catch (Exception failed) when (failed is HttpRequestException or JsonException or IOException or OperationCanceledException)
        {
            return null;
        }
    }

    private static IEnumerable<Jwk> Read(JsonElement keys)
    {
        foreach (var json in keys.EnumerateArray().Take(MaxKeys))
            if (Jwk.TryRead(json, out var key)) yield return key;
    }
}
