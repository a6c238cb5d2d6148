using OpenPayments.Net.Clients;

namespace Codius.Testing.Wallets;

/// <summary>Finds a client's key as the Open Payments servers do.</summary>
internal static class KeyLookup
{
    public static async Task<bool> HasKeyAsync(
        HttpClient http, string walletAddress, string keyId, TimeProvider time, CancellationToken cancellation)
    {
        if (Client.OfWalletAddress(walletAddress, out var client) is { } fault) throw new ArgumentException(fault, nameof(walletAddress));
        return await new ClientKeys(http, insecure: true, time).FindAsync(client!, keyId, null, cancellation) is not null;
    }
}
