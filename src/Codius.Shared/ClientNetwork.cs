using System.Buffers.Binary;
using System.Net;

namespace Codius.Shared;

/// <summary>What counts as one client: an IPv4 address, or the /64 network of an IPv6 address, all of which is one subscriber's.</summary>
/// <remarks>A limit that all clients share counts <see cref="Party"/> instead: a subscriber can have 65,536 such networks.</remarks>
internal readonly record struct ClientNetwork
{
    private readonly ulong _bits;
    private readonly bool _isIPv6;

    private ClientNetwork(ulong bits, bool isIPv6) => (_bits, _isIPv6) = (bits, isIPv6);

    /// <summary>The client of an address; callers without an address are one client, <see cref="IPAddress.None"/>.</summary>
    public static ClientNetwork Of(IPAddress? address)
    {
        Span<byte> bytes = stackalloc byte[16];
        (address ??= IPAddress.None).TryWriteBytes(bytes, out var length);
        if (length == sizeof(uint)) return OfIPv4(bytes);
        return address.IsIPv4MappedToIPv6 ? OfIPv4(bytes[12..]) : new ClientNetwork(BinaryPrimitives.ReadUInt64BigEndian(bytes), true);
    }

    /// <summary>The /48 network of an IPv6 client, which one subscriber can have as a whole; null for an IPv4 address.</summary>
    public ClientNetwork? Site => _isIPv6 ? new ClientNetwork(_bits & ~0xFFFFUL, true) : null;

    /// <summary>The most that is one party's: the /48 of an IPv6 client, an IPv4 address itself.</summary>
    public ClientNetwork Party => Site ?? this;

    /// <summary>The first address of the network.</summary>
    public IPAddress ToAddress()
    {
        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        if (_isIPv6) BinaryPrimitives.WriteUInt64BigEndian(bytes, _bits);
        else BinaryPrimitives.WriteUInt32BigEndian(bytes, (uint)_bits);
        return new IPAddress(bytes[..(_isIPv6 ? 16 : sizeof(uint))]);
    }

    private static ClientNetwork OfIPv4(ReadOnlySpan<byte> bytes) => new(BinaryPrimitives.ReadUInt32BigEndian(bytes), false);
}
