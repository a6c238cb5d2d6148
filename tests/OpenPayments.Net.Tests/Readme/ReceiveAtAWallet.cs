using System.Text.Json.Nodes;
using OpenPayments.Net.Clients;
using OpenPayments.Net.IncomingPayments;
using OpenPayments.Net.Paying;
using OpenPayments.Net.Receiving;
using OpenPayments.Net.Signatures;

namespace OpenPayments.Net.Tests.Readme;

/// <summary>"Receive at a wallet", as the README of OpenPayments.Net shows it.</summary>
internal static class ReceiveAtAWallet
{
    public static async Task<ulong> RunAsync(
        string self, byte[] signingKey, Uri yourWallet, Func<PaymentMethod, Task> handTo, bool insecure, CancellationToken stop)
    {
        // <example>
        using var http = GuardedHttp.Create(insecure); // true in tests only: http and private addresses
        var signer = MessageSigner.Named(signingKey, TimeProvider.System);
        var identity = new ClientIdentity(signer.PublicJwk, self); // self, for older wallets: an address with the key in its jwks.json
        var client = new ReceivingClient(new WalletCalls(http, insecure, signer), identity, TimeProvider.System);
        var wallet = (await client.LookUpAsync(yourWallet, stop)).GetValueOrThrow();

        var ends = TimeProvider.System.GetUtcNow().AddHours(1);
        var wanted = new NewReceivingPayment(1_000_000, ends, new JsonObject { ["invoice"] = "17" });
        var payment = (await client.CreateAsync(wallet, wanted, stop)).GetValueOrThrow();
        await handTo(payment.Method!); // the payer sends to this ILP address, with this secret

        payment = (await client.ReadAsync(wallet, payment.Url, stop)).GetValueOrThrow();
        Console.WriteLine($"{payment.ReceivedAmount} arrived at {wallet.PublicName}.");
        payment = (await client.CompleteAsync(wallet, payment.Url, stop)).GetValueOrThrow(); // accepts no more
        // </example>
        return payment.ReceivedAmount;
    }
}
