using System.Net;
using OpenPayments.Net.Signatures;

namespace OpenPayments.Net.Clients;

/// <summary>The keys of one wallet address: cached, and fetched once however many requests wait for them.</summary>
/// <param name="fetch">
/// On behalf of a caller, the keys the wallet address has now; null if its host fails; throws
/// <see cref="OpenPaymentsUnavailableException"/> if it was asked too often.
/// </param>
/// <param name="time">The clock of the cache.</param>
internal sealed class CachedKeys(Func<IPAddress?, Task<IReadOnlyList<Jwk>?>> fetch, TimeProvider time)
{
    /// <summary>How long keys are used before they are fetched again.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(5);

    /// <summary>
    /// The least time between two fetches, whatever the client signs: a caller chooses the host. It also is how long an empty list is kept.
    /// </summary>
    private static readonly TimeSpan FetchInterval = TimeSpan.FromSeconds(10);

    // While the host fails, its last keys stay in use for that long: a client must not be locked out by its host's restart, and a
    // host that is gone must not keep its keys forever.
    private static readonly TimeSpan KeptWhileHostFails = TimeSpan.FromMinutes(30);

    private readonly Lock _lock = new();
    private Task<Fetched>? _last;
    private long _startedAt;

    /// <summary>Time since the last fetch began.</summary>
    private TimeSpan Age => time.GetElapsedTime(Volatile.Read(ref _startedAt));

    /// <summary>The keys; empty if there are none, or they cannot be fetched.</summary>
    /// <param name="changed">True if the cached keys did not fit: they are fetched again unless the last fetch is recent.</param>
    /// <param name="caller">On whose behalf a fetch is made.</param>
    /// <param name="cancellation">Stops waiting; the fetch goes on.</param>
    public async Task<IReadOnlyList<Jwk>> GetAsync(bool changed, IPAddress? caller, CancellationToken cancellation)
    {
        Task<Fetched> last;
        lock (_lock) last = IsUsable(changed) ? _last! : Start(caller);
        return (await last.WaitAsync(cancellation)).Keys;
    }

    private bool IsUsable(bool changed)
    {
        if (_last is null or { IsCompleted: true, IsCompletedSuccessfully: false }) return false;
        if (!_last.IsCompleted) return true;
        // Refused was the caller, who may have had too many; another must not go without new keys for it.
        if (_last.Result.Refused) return false;
        return Age <= (changed || _last.Result is { Failed: true } or { Keys.Count: 0 } ? FetchInterval : Fresh);
    }

    private Task<Fetched> Start(IPAddress? caller)
    {
        var before = _last is { IsCompletedSuccessfully: true } ? _last.Result : null;
        Volatile.Write(ref _startedAt, time.GetTimestamp());
        return _last = FetchAsync(caller, before, _startedAt);
    }

    private async Task<Fetched> FetchAsync(IPAddress? caller, Fetched? before, long now)
    {
        var kept = before is not null && time.GetElapsedTime(before.At, now) <= KeptWhileHostFails ? before : null;
        try
        {
            if (await fetch(caller) is { } keys) return new Fetched(keys, now, Failed: false);
        }
        catch (OpenPaymentsUnavailableException) when (kept is not null)
        {
            // The host was asked too often: as good as a host that fails.
            return kept with { Failed = true, Refused = true };
        }
        return (kept ?? new Fetched([], now, Failed: true)) with { Failed = true, Refused = false };
    }

    /// <param name="Keys">The keys.</param>
    /// <param name="At">When the host gave them.</param>
    /// <param name="Failed">True if the host failed since.</param>
    /// <param name="Refused">True if it was not even asked, since it was asked too often.</param>
    private sealed record Fetched(IReadOnlyList<Jwk> Keys, long At, bool Failed, bool Refused = false);
}
