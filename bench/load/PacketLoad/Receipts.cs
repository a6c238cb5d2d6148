using System.Security.Cryptography;
using System.Text;
using Codius.Web.Balances;
using Codius.Web.Hosting.Secrets;
using Codius.Web.Payments.Setup;
using Interledger.Net.Receipts;

namespace PacketLoad;

/// <summary>Receipts as a receiving wallet signs them: connections in turn, each with a total that rises.</summary>
internal static class Receipts
{
    // More than are under way at once, so that no receipt overtakes an older one of its connection.
    private const int Connections = 2000;
    private const ulong Units = 1000;

    public static async Task PrepareAsync(string file, int count, int accounts, string verifier)
    {
        var issuer = new ReceiptSecrets(new HostSecrets(Accounts.Secret, []));
        var connections = Enumerable.Range(0, Connections).Select(connection =>
        {
            var account = Accounts.NameOf(connection % accounts);
            var (nonce, secret) = issuer.Issue(TimeProvider.System.GetUtcNow(), AccountId.OfApp(account), 9);
            return (Account: account, Nonce: nonce, Secret: verifier == "gateway" ? secret : OfNode(nonce, verifier));
        }).ToArray();
        await File.WriteAllLinesAsync(file, Enumerable.Range(0, count).Select(i =>
        {
            var (account, nonce, secret) = connections[i % Connections];
            var receipt = new StreamReceipt(nonce, 1, ((ulong)(i / Connections) + 1) * Units).Sign(secret);
            return $"/balances/{account}:creditReceipt {Convert.ToHexString(Encoding.ASCII.GetBytes(Convert.ToBase64String(receipt)))}";
        }));
        foreach (var connection in connections) Console.WriteLine(Convert.ToBase64String(Bytes(connection.Nonce)));
    }

    /// <summary>The secret as peers/credited.mjs derives it, or, for <c>verifier</c>, the receipt verifier of 2020.</summary>
    private static ReceiptSecret OfNode(ReceiptNonce nonce, string verifier)
    {
        var seed = Convert.FromBase64String(Accounts.HostSecret);
        var key = verifier == "verifier" ? HMACSHA256.HashData(seed, "receipt_secret"u8) : seed;
        return new ReceiptSecret(HMACSHA256.HashData(key, Bytes(nonce)));
    }

    private static byte[] Bytes(ReceiptNonce nonce)
    {
        var bytes = new byte[ReceiptNonce.Length];
        nonce.CopyTo(bytes);
        return bytes;
    }
}
