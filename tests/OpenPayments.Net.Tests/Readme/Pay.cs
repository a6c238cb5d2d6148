using System.Security.Cryptography;
using OpenPayments.Net.Clients;
using OpenPayments.Net.Paying;
using OpenPayments.Net.Signatures;

namespace OpenPayments.Net.Tests.Readme;

/// <summary>"Pay", as the README of OpenPayments.Net shows it.</summary>
internal static class Pay
{
    public static async Task<string> RunAsync(
        string self, byte[] signingKey, Uri from, Uri to, Uri returnTo, Func<Uri, Task<(string Hash, string Reference)>> sendPayerTo,
            bool insecure, CancellationToken stop)
    {
        // <example>
        using var http = GuardedHttp.Create(insecure); // true in tests only: http and private addresses
        var signer = MessageSigner.Named(signingKey, TimeProvider.System);
        var client = new PayingClient(new WalletCalls(http, insecure, signer), self); // a wallet address with the key in its jwks.json
        var receiver = (await client.LookUpAsync(to, stop)).GetValueOrThrow();
        var payer = (await client.LookUpAsync(from, stop)).GetValueOrThrow();

        var incomingPayment = (await client.CreateIncomingPaymentAsync(receiver, 1_000_000, stop)).GetValueOrThrow();
        var quote = (await client.QuoteAsync(payer, incomingPayment, stop)).GetValueOrThrow();
        Console.WriteLine(
            $"{receiver.PublicName} gets {quote.ReceiveAmount}, {payer.PublicName} pays {quote.DebitAmount} {payer.AssetCode}.");

        var nonce = RandomNumberGenerator.GetHexString(32);
        var consent = (await client.AskForConsentAsync(payer, quote, returnTo, nonce, stop)).GetValueOrThrow();
        var (hash, reference) = await sendPayerTo(consent.Redirect); // comes back to returnTo with ?hash=...&interact_ref=...
        if (!InteractionHash.IsRight(hash, nonce, consent.FinishNonce, reference, payer.AuthServer))
            throw new InvalidOperationException("This answer is not the wallet's.");

        var grant = (await client.FetchGrantAsync(consent, reference, stop)).GetValueOrThrow();
        var outgoingPayment = (await client.PayAsync(payer.ResourceServer, payer.Id, quote.Id, grant, stop)).GetValueOrThrow();
        // </example>
        Assert.NotEmpty(outgoingPayment);
        return incomingPayment;
    }
}
