using System.Collections.Concurrent;
using Codius.Sandbox.Money;
using Interledger.Net.AspNetCore;
using Interledger.Net.Packets;
using Interledger.Net.Receipts;
using Interledger.Net.Spsp;
using Interledger.Net.Streaming;
using Interledger.Net.Streaming.Receiving;
using Microsoft.AspNetCore.Http;
using OpenPayments.Net.IncomingPayments;

namespace Codius.Sandbox.Receiving;

/// <summary>
/// The host's receiving wallet of Wallet mode: receives packets on incoming payments, and on the addresses that its SPSP answers give,
/// whose totals it proves by receipts.
/// </summary>
internal sealed class HostWallet : IPaymentMethods
{
    /// <summary>The one account of this wallet.</summary>
    public const string Account = "host";

    private static readonly TimeSpan AddressLifetime = TimeSpan.FromHours(24);

    // A receipt's total is a connection's; after a restart payers query SPSP again and so begin a new one.
    private readonly ConcurrentDictionary<ReceiptNonce, ulong> _totals = new();
    private readonly StreamReceiver _receiver;
    private readonly HostPayments _payments;
    private readonly TimeProvider _time;

    public HostWallet(StateStore store, SandboxSettings settings, SandboxTokens tokens, TimeProvider time)
    {
        (_payments, _time) = (store.HostPayments, time);
        Peers = new IlpPeerTokens("connector", tokens.ConnectorToWallet);
        _receiver = new StreamReceiver(new StreamReceiverOptions
        {
            Address = Address,
            AssetCode = settings.AssetCode,
            AssetScale = (byte)settings.AssetScale,
            Secret = new StreamServerSecret(0, Convert.FromBase64String(store.Secret)),
            TimeProvider = time,
        });
    }

    public static IlpAddress Address { get; } = IlpAddress.Parse("test.sandbox.host");

    public IlpPeerTokens Peers { get; }

    public SpspResponse Answer(ReceiptSetup? receipts)
    {
        var made = _receiver.Create(
            new StreamTokenClaims { AccountId = Account, ExpiresAt = _time.GetUtcNow() + AddressLifetime, Receipts = receipts });
        return new SpspResponse(made.DestinationAccount, made.SharedSecret, receipts is not null);
    }

    /// <summary>Answers an SPSP query at a URL that has more than SPSP.</summary>
    public async Task AnswerSpspAsync(HttpContext context)
    {
        var headers = context.Request.Headers;
        context.Response.Headers.AccessControlAllowOrigin = "*";
        context.Response.Headers.CacheControl = "no-cache";
        if (!ReceiptSetup.TryParse(headers[ReceiptSetup.NonceHeader], headers[ReceiptSetup.SecretHeader], out var receipts, out _))
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }
        context.Response.ContentType = SpspResponse.MediaType;
        await context.Response.Body.WriteAsync(Answer(receipts).ToUtf8Json(), context.RequestAborted);
    }

    public ValueTask<PaymentMethod?> MethodForAsync(IncomingPayment payment, CancellationToken cancellation)
    {
        var made = _receiver.Create(new StreamTokenClaims
        {
            AccountId = Account,
            ExpiresAt = payment.ExpiresAt,
            IncomingPayment = payment.Id,
            IncomingPaymentTerms = payment.ToTerms(),
        });
        var secret = new byte[StreamSecret.Length];
        made.SharedSecret.CopyTo(secret);
        return ValueTask.FromResult<PaymentMethod?>(new PaymentMethod(made.DestinationAccount.ToString(), secret));
    }

    /// <summary>Receives a packet. The connector books its money when the Fulfill arrives there: both share one set of books.</summary>
    public ValueTask<ReadOnlyMemory<byte>> HandleAsync(IlpPrepareView packet, string peer, CancellationToken cancellation)
    {
        var decision = _receiver.Receive(packet);
        if (decision.IsFinished) return ValueTask.FromResult<ReadOnlyMemory<byte>>(decision.Reply);
        var money = decision.Money;
        if (money.Claims.IncomingPayment is not null) return ValueTask.FromResult<ReadOnlyMemory<byte>>(Pay(money));
        ulong? total = money.Claims.Receipts is { } receipts
            ? _totals.AddOrUpdate(receipts.Nonce, money.Amount, (_, known) => known + money.Amount) : null;
        return ValueTask.FromResult<ReadOnlyMemory<byte>>(money.Fulfill(total));
    }

    // A crash between credit and Fulfill: the sender still has the money, and the payment has it too. It is play money.
    private byte[] Pay(in IncomingMoney money)
    {
        var payment = IncomingPayment.OfTerms(Account, money.Claims.IncomingPayment, money.Claims.IncomingPaymentTerms.Span);
        if (_payments.TryCredit(payment, money.Amount, out var room)) return money.Fulfill();
        return room > 0 ? money.RejectAmountTooLarge(room) : money.Close(message: "the payment is complete or has ended");
    }
}
