using System.Net;

namespace Codius.Shared;

/// <summary>
/// Limits the requests to hosts that callers choose. All strangers together have half of a host's budget, and the other half is kept for
/// those that were good before. Of each half a caller has a rate of its own, and half is kept for callers that ask seldom: strangers,
/// however many, cannot use a host up, and a few callers keep out neither strangers nor those that were good before.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="perHost">Requests to one host, half of them for those that were good before.</param>
/// <param name="perCaller">Requests of one caller (see <see cref="ClientNetwork.Party"/>) to one host.</param>
/// <param name="servers">How many servers share the budgets now; null for this one alone.</param>
internal sealed class OutboundBudget(TimeProvider time, BucketRate perHost, BucketRate perCaller, Func<int>? servers = null)
{
    private const int Hosts = 4096;

    // Who pays from a wallet, or has its keys fetched, does so once in a while.
    private static readonly BucketRate Seldom = new(1, 3, Seconds: 20);

    private readonly FairBuckets<string> _strangers = new(time, perHost.Part(2), perCaller, Seldom, Hosts);
    private readonly FairBuckets<string> _known = new(time, perHost.Part(2), perCaller, Seldom, Hosts);

    /// <summary>Acquires one request; false if the caller, or the host, has had too many.</summary>
    /// <param name="caller">Who makes this program ask; null for one without an address.</param>
    /// <param name="host">The host.</param>
    /// <param name="isKnown">True if the subject of the request, such as a wallet address, was good before.</param>
    public bool TryAcquire(IPAddress? caller, string host, bool isKnown)
    {
        host = host.ToLowerInvariant();
        var (client, sharing) = (ClientNetwork.Of(caller), servers?.Invoke() ?? 1);
        return (isKnown && _known.TryAcquire(client, host, sharing, out _)) || _strangers.TryAcquire(client, host, sharing, out _);
    }
}
