using Interledger.Net.AspNetCore;
using Interledger.Net.Packets;
using Interledger.Net.Streaming.Receiving;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using OpenPayments.Net.IncomingPayments;
using OpenPayments.Net.WalletAddresses;

namespace OpenPayments.Net.Tests.Readme;

/// <summary>"Be paid", as the README of OpenPayments.Net shows it.</summary>
internal static class BePaid
{
    public static WebApplication Build(WebApplicationBuilder builder, string origin, byte[] tokenKey, byte[] signingKey, byte[] streamKey)
    {
        // <example>
        var receiver = new StreamReceiver(new StreamReceiverOptions
        {
            Address = IlpAddress.Parse("test.connector.shop"), // what your connector calls you
            AssetCode = "USD",
            AssetScale = 9,
            Secret = new StreamServerSecret(keyId: 1, streamKey), // keep it: addresses depend on it
        });
        var payments = new InMemoryIncomingPayments(TimeProvider.System); // in production, your database: an IIncomingPayments
        builder.Services.AddOpenPayments(options =>
        {
            options.Origin = origin; // as clients see it: https://shop.example
            options.TokenKeys.Add(tokenKey); // 32 random bytes; keep them: grants depend on them
            options.SigningKey = signingKey; // only if this program also pays
        });
        builder.Services.AddSingleton<IIncomingPayments>(payments).AddSingleton<IPaymentMethods>(new StreamMethods(receiver));
        builder.Services.AddSingleton<IWalletAddresses>(
            new WalletAddressList(new WalletAddress($"{origin}/pay/alice", "alice", "Alice's shop", "USD", 9)));

        var app = builder.Build();
        app.MapOpenPayments();
        app.MapIlpOverHttp("/ilp", new IlpPeerTokens("connector", "its-token"), (packet, _, _) =>
        {
            var decision = receiver.Receive(packet);
            if (decision.IsFinished) return ValueTask.FromResult<ReadOnlyMemory<byte>>(decision.Reply);
            var money = decision.Money; // credit it once, by money.Condition, before fulfilling
            var (account, id, terms) = (money.Claims.AccountId, money.Claims.IncomingPayment, money.Claims.IncomingPaymentTerms);
            var credited = payments.TryCredit(IncomingPayment.OfTerms(account, id, terms.Span), money.Amount);
            return ValueTask.FromResult<ReadOnlyMemory<byte>>(credited ? money.Fulfill() : money.Reject(IlpErrorCode.F99ApplicationError));
        });
        // </example>
        return app;
    }
}
