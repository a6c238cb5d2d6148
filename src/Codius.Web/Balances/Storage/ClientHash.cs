using System.Net;
using System.Security.Cryptography;
using Codius.Shared;
using Codius.Web.Hosting.Secrets;

namespace Codius.Web.Balances.Storage;

/// <summary>Names a client in the store, which counts clients: a keyed hash of its network, not the network.</summary>
internal sealed class ClientHash(HostSecrets secrets, string purpose)
{
    private readonly byte[] _key = secrets.Current.Derive(purpose);

    /// <summary>24 hexadecimal digits for an IPv4 address or an IPv6 /48, which one subscriber can have; one for the unknown.</summary>
    public string Of(IPAddress? from) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(_key, ClientNetwork.Of(from).Party.ToAddress().GetAddressBytes()).AsSpan(0, 12));
}
