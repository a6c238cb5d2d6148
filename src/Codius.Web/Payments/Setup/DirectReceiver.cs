using Codius.Web.Balances;
using Codius.Web.Hosting;
using Interledger.Net.Receipts;
using Interledger.Net.Spsp;
using Interledger.Net.Streaming.Receiving;
using Microsoft.Extensions.Options;

namespace Codius.Web.Payments.Setup;

/// <summary>
/// Direct mode: gives payers an address of the gateway's own, whose token carries all that crediting a packet needs.
/// </summary>
internal sealed class DirectReceiver(StreamReceiver receiver, IOptions<PaymentsOptions> options, TimeProvider time) : ISpspReceiver
{
    public bool AcceptsUnbound => false;

    public Task AnswerAsync(HttpContext context, AccountId? account)
    {
        var headers = context.Request.Headers;
        if (!ReceiptSetup.TryParse(headers[ReceiptSetup.NonceHeader], headers[ReceiptSetup.SecretHeader], out var receipts, out _))
        {
            PaymentsMeter.Refused("spsp", "bad receipt headers");
            var problem = new Problem(400, "bad-receipt-headers", "The receipt headers cannot be read", FaultOf(headers));
            return Problems.WriteAsync(context, problem);
        }
        var credentials = receiver.Create(new StreamTokenClaims
        {
            AccountId = account.GetValueOrDefault().ToString(),
            ExpiresAt = time.GetUtcNow() + options.Value.AddressLifetime,
            Receipts = receipts,
        });
        return SpspAnswer.CredentialsAsync(
            context, new SpspResponse(credentials.DestinationAccount, credentials.SharedSecret, receipts is not null));
    }

    private static string FaultOf(IHeaderDictionary headers)
    {
        if (!headers.ContainsKey(ReceiptSetup.NonceHeader) || !headers.ContainsKey(ReceiptSetup.SecretHeader))
            return "Receipt-Nonce and Receipt-Secret belong together: send both, or neither.";
        return ReceiptNonce.TryParse(headers[ReceiptSetup.NonceHeader], out _, out _)
            ? "Receipt-Secret must be 32 bytes in base64."
            : "Receipt-Nonce must be 16 bytes in base64.";
    }
}
