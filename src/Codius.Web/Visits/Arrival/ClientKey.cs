using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Codius.Web.Visits.Arrival;

/// <summary>One client of one app: what the speed limit counts by. An IPv6 network of /64 is one client, as it is one household.</summary>
internal readonly record struct ClientKey(ulong Network, bool IsIPv6, string App)
{
    public static ClientKey Of(IPAddress? address, string app)
    {
        Span<byte> bytes = stackalloc byte[16];
        if (address is null || !address.TryWriteBytes(bytes, out _)) return new ClientKey(0, false, app);
        if (address.AddressFamily == AddressFamily.InterNetwork) return new ClientKey(BinaryPrimitives.ReadUInt32BigEndian(bytes), false, app);
        return address.IsIPv4MappedToIPv6
            ? new ClientKey(BinaryPrimitives.ReadUInt32BigEndian(bytes[12..]), false, app)
            : new ClientKey(BinaryPrimitives.ReadUInt64BigEndian(bytes), true, app);
    }
}
