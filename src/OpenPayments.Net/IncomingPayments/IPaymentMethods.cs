namespace OpenPayments.Net.IncomingPayments;

/// <summary>Gives the means of paying an incoming payment over ILP.</summary>
public interface IPaymentMethods
{
    /// <summary>How an open payment is paid.</summary>
    /// <param name="payment">The payment as it stands; neither completed nor expired.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>Null if it cannot be paid any more: its <c>methods</c> are an empty list then.</returns>
    /// <exception cref="OpenPaymentsUnavailableException">That cannot be read now; the client gets 503 with <c>Retry-After</c>.</exception>
    ValueTask<PaymentMethod?> MethodForAsync(IncomingPayment payment, CancellationToken cancellation);
}
