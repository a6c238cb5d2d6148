using Codius.Web.Balances;
using Codius.Web.Hosting;
using Interledger.Net.Receipts;
using Interledger.Net.Spsp;
using Interledger.Net.Streaming.Receiving;
using Microsoft.Extensions.Options;

namespace Codius.Web.Payments.Setup;

/// <summary>Direct mode: gives payers an address of the gateway's own, which carries all that must be known when money comes to it.</summary>
internal sealed class DirectReceiver(StreamReceiver receiver, IOptions<PaymentsOptions> options, TimeProvider time) : ISpspReceiver
{
    public bool TakesUnbound => false;

    public Task AnswerAsync(HttpContext context, AccountId? account)
    {
        if (!ReceiptHeaders.TryRead(context.Request.Headers, out var nonce, out var secret, out var fault))
        {
            PaymentsMeter.Refused("spsp", "bad receipt headers");
            return Problems.WriteAsync(context, new Problem(400, "bad-receipt-headers", "The receipt headers cannot be read", fault!));
        }
        var credentials = receiver.Create(new StreamTokenClaims
        {
            AccountId = account.GetValueOrDefault().ToString(),
            ExpiresAt = time.GetUtcNow() + options.Value.AddressLifetime,
            Receipts = secret is null ? null : new ReceiptSetup(nonce, secret),
        });
        return SpspAnswer.CredentialsAsync(context, new SpspResponse(credentials.DestinationAccount, credentials.SharedSecret, ReceiptsEnabled: secret is not null));
    }
}
