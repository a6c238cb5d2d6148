using System.Net;
using System.Text.Json;
using Codius.Shared;
using OpenPayments.Net.Signatures;

namespace OpenPayments.Net.Clients;

/// <summary>Finds the key a client signed with: its own if it is a bare key, else one of its wallet address's <c>jwks.json</c>.</summary>
/// <param name="http">Fetches <c>jwks.json</c>; from <see cref="GuardedHttp"/>.</param>
/// <param name="insecure">For tests only, see <see cref="GuardedHttp.Create"/>.</param>
/// <param name="time">The clock of the cache.</param>
/// <param name="servers">How many servers share the budgets of hosts now; null for this one alone.</param>
internal sealed class ClientKeys(HttpClient http, bool insecure, TimeProvider time, Func<int>? servers = null)
{
    private const int Cached = 5_000;
    private const int MaxKeys = 50;

    // A caller chooses the host, and can invent any number of addresses there.
    private readonly OutboundBudget _hosts = new(time, perHost: new(20, 200), perCaller: new(2, 20), servers);

    // It can invent hosts, too: what strangers have fetched from all of them together leaves most connections to others.
    private readonly OutboundBudget _everywhere = new(time, perHost: new(40, 200), perCaller: new(5, 50));

    // Invented addresses push each other out, never one that a signature was verified with.
    private readonly RecentlyUsed<string, CachedKeys> _strangers = new(Cached, StringComparer.Ordinal);
    private readonly RecentlyUsed<string, CachedKeys> _verified = new(Cached, StringComparer.Ordinal);

    // Whoever has a domain has any number of addresses that verify. A party has so many of them among the verified ones; its others stay
    // with the strangers', and it does not push out the addresses of others.
    private readonly TokenBuckets<ClientNetwork> _newlyVerified = new(time, Newly.PerSecond, Newly.Burst);
    private static readonly BucketRate Newly = new(1, 100, Seconds: 10);

    /// <summary>Wallet addresses whose keys are cached now.</summary>
    public int Remembered => _strangers.Count + _verified.Count;

    /// <summary>The key; null if the client has none of that name, or its keys cannot be had.</summary>
    /// <param name="client">The client.</param>
    /// <param name="keyId">The name that the signature gives the key.</param>
    /// <param name="caller">Who names the client, which has a budget of its own at each host.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="OpenPaymentsUnavailableException">Too many requests to the client's host: try again later.</exception>
    public async ValueTask<Jwk?> FindAsync(Client client, string keyId, IPAddress? caller, CancellationToken cancellation)
    {
        if (client.Key is { } bare) return bare.KeyId == keyId ? bare : null;
        var cached = _verified.TryGet(client.Id, out var known) ? known
            : _strangers.GetOrAdd(client.Id, _ => new CachedKeys(from => FetchAsync(client, from), time));
        return Named(await cached.GetAsync(changed: false, caller, cancellation), keyId)
            ?? Named(await cached.GetAsync(changed: true, caller, cancellation), keyId);
    }

    /// <summary>
    /// The key that replaced <paramref name="key"/> under its name; null if none did, or the client's keys were fetched just now. Call it
    /// when a signature does not verify.
    /// </summary>
    /// <exception cref="OpenPaymentsUnavailableException">Too many requests to the client's host: try again later.</exception>
    public async ValueTask<Jwk?> FindSuccessorAsync(Client client, Jwk key, IPAddress? caller, CancellationToken cancellation)
    {
        // Not cached: they were pushed out a moment after they were fetched.
        if (!_verified.TryGet(client.Id, out var cached) && !_strangers.TryGet(client.Id, out cached)) return null;
        var now = Named(await cached.GetAsync(changed: true, caller, cancellation), key.KeyId);
        return now is null || now.PublicKey.Equals(key.PublicKey) ? null : now;
    }

    /// <summary>
    /// A signature of the caller's was verified with one of the client's keys: strangers no longer compete with the client.
    /// </summary>
    public void Verified(Client client, IPAddress? caller)
    {
        if (client.Key is not null || _verified.TryGet(client.Id, out _)) return;
        if (_newlyVerified.TryAcquire(ClientNetwork.Of(caller).Party, Newly, TimeSpan.Zero, out _)
            && _strangers.Remove(client.Id, out var cached)) _verified.GetOrAdd(client.Id, _ => cached);
    }

    private static Jwk? Named(IReadOnlyList<Jwk> keys, string keyId) => keys.FirstOrDefault(key => key.KeyId == keyId);

    private async Task<IReadOnlyList<Jwk>?> FetchAsync(Client client, IPAddress? caller)
    {
        var url = new Uri(client.WalletAddress!.AbsoluteUri.TrimEnd('/') + "/jwks.json");
        if (!GuardedHttp.IsAllowed(url, insecure)) return [];
        var isKnown = _verified.TryGet(client.Id, out _);
        if (!_everywhere.TryAcquire(caller, "", isKnown) || !_hosts.TryAcquire(caller, url.IdnHost, isKnown))
            throw new OpenPaymentsUnavailableException($"Too many requests for keys at {url.IdnHost}.");
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, url);
            request.Headers.Accept.ParseAdd("application/json");
            request.Options.Set(GuardedHttp.IsKnown, isKnown);
            if (!isKnown) request.Headers.ConnectionClose = true;
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
