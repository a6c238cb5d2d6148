using Interledger.Net.Streaming.Receiving;
using OpenPayments.Net.IncomingPayments;

namespace OpenPayments.Net.Tests.Readme;

// <example>
/// <summary>How each incoming payment is paid: over STREAM, at an address that names it.</summary>
internal sealed class StreamMethods(StreamReceiver receiver) : IPaymentMethods
{
    public ValueTask<PaymentMethod?> MethodForAsync(IncomingPayment payment, CancellationToken cancellation)
    {
        var claims = new StreamTokenClaims
        {
            AccountId = payment.Account,
            ExpiresAt = payment.ExpiresAt,
            IncomingPayment = payment.Id,
            IncomingPaymentTerms = payment.ToTerms(), // so that nothing need be stored before the first money
        };
        var (address, secret) = receiver.Create(claims);
        return new(new PaymentMethod(address.ToString(), Convert.FromBase64String(secret.ToBase64())));
    }
}
// </example>
