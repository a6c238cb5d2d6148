using System.Net;
using System.Net.Sockets;

namespace Codius.Web.Hosting;

/// <summary>What counts as one client for rate limits: an IPv4 address, or the /64 network of an IPv6 address.</summary>
internal static class ClientHash
{
    private const int NetworkBytes = 8;

    /// <summary>A hash for a <see cref="RateTable"/>; differs from one process to the next.</summary>
    public static int Of(IPAddress? address)
    {
        if (address is null) return 0;
        Span<byte> bytes = stackalloc byte[16];
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        address.TryWriteBytes(bytes, out var length);
        var hash = new HashCode();
        hash.AddBytes(bytes[..(address.AddressFamily == AddressFamily.InterNetworkV6 ? NetworkBytes : length)]);
        return hash.ToHashCode();
    }
}
