namespace OpenPayments.Net.IncomingPayments;

/// <summary>Gives the means of paying an incoming payment over ILP.</summary>
public interface IPaymentMethods
{
    /// <summary>The ILP address and the 32-byte shared secret of the payment's STREAM connection.</summary>
    (string IlpAddress, byte[] SharedSecret) MethodFor(IncomingPayment payment);
}
