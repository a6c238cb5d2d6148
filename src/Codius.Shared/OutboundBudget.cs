using System.Buffers.Binary;
using System.Net;

namespace Codius.Shared;

/// <summary>
/// Limits the requests to hosts that callers choose. Each caller has a budget per host, all strangers together half of a host's budget,
/// and the other half is kept for those that were good before: strangers, however many, cannot use a host up.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="perHost">Requests to one host, half of them for those that were good before.</param>
/// <param name="perCaller">Requests of one caller (an IPv4 address, an IPv6 /64) to one host.</param>
internal sealed class OutboundBudget(TimeProvider time, BucketRate perHost, BucketRate perCaller)
{
    private readonly TokenBuckets<(ulong Network, string Host)> _callers = new(time, perCaller.PerSecond, perCaller.Burst);
    private readonly TokenBuckets<string> _strangers = Half(time, perHost);
    private readonly TokenBuckets<string> _known = Half(time, perHost);

    /// <summary>Acquires one request; false if the caller, or the host, has had too many.</summary>
    /// <param name="caller">Who makes this program ask; null for one without an address.</param>
    /// <param name="host">Whom it asks.</param>
    /// <param name="isKnown">True if the subject of the request, such as a wallet address, was good before.</param>
    public bool TryAcquire(IPAddress? caller, string host, bool isKnown)
    {
        host = host.ToLowerInvariant();
        if (isKnown && _known.TryAcquire(host, out _)) return true;
        return _callers.TryAcquire((NetworkOf(caller), host), out _) && _strangers.TryAcquire(host, out _);
    }

    private static TokenBuckets<string> Half(TimeProvider time, BucketRate whole) =>
        new(time, Math.Max(1, whole.PerSecond / 2), Math.Max(1, whole.Burst / 2), tracked: 4096, StringComparer.Ordinal);

    // An IPv6 subscriber has a /64. No such network is below 2^32, so IPv4 addresses are numbers of their own.
    private static ulong NetworkOf(IPAddress? caller)
    {
        Span<byte> bytes = stackalloc byte[16];
        if (caller is null) return 0;
        if (caller.IsIPv4MappedToIPv6) caller = caller.MapToIPv4();
        caller.TryWriteBytes(bytes, out var length);
        return length == sizeof(uint) ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt64BigEndian(bytes);
    }
}
