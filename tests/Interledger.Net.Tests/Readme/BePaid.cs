using System.Security.Cryptography;
using Interledger.Net.AspNetCore;
using Interledger.Net.Packets;
using Interledger.Net.Spsp;
using Interledger.Net.Streaming.Receiving;
using Microsoft.AspNetCore.Builder;

namespace Interledger.Net.Tests.Readme;

/// <summary>"Be paid", as the README of Interledger.Net shows it.</summary>
internal static class BePaid
{
    public static WebApplication Build(WebApplicationBuilder builder, Func<string, ulong, bool> credit)
    {
        // <example>
        var receiver = new StreamReceiver(new StreamReceiverOptions
        {
            Address = IlpAddress.Parse("test.connector.shop"), // what your connector calls you
            AssetCode = "USD",
            AssetScale = 9,
            Secret = new StreamServerSecret(keyId: 1, RandomNumberGenerator.GetBytes(32)), // keep it: addresses die with it
        });
        var app = builder.Build();
        app.MapSpsp("/.well-known/pay", (_, _) =>
        {
            var expires = TimeProvider.System.GetUtcNow().AddHours(1);
            var (account, secret) = receiver.Create(new StreamTokenClaims { AccountId = "alice", ExpiresAt = expires });
            return ValueTask.FromResult<SpspResponse?>(new SpspResponse(account, secret));
        });
        app.MapIlpOverHttp("/ilp", new IlpPeerTokens("connector", "its-token"), (packet, _, _) =>
        {
            if (!receiver.TryReceive(packet.Span, out var decision, out _)) throw new InvalidOperationException("MapIlpOverHttp passes sound packets only.");
            if (decision.IsFinished) return ValueTask.FromResult<ReadOnlyMemory<byte>>(decision.Reply);
            var money = decision.Money; // credit it once, by money.Condition, before fulfilling
            var credited = credit(money.Claims.AccountId, money.Amount);
            return ValueTask.FromResult<ReadOnlyMemory<byte>>(credited ? money.Fulfill() : money.Reject(IlpErrorCode.T00InternalError));
        });
        // </example>
        return app;
    }
}
