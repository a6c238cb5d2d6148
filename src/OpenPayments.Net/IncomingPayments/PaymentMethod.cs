namespace OpenPayments.Net.IncomingPayments;

/// <summary>The STREAM connection that pays an incoming payment.</summary>
/// <param name="IlpAddress">The ILP address that money is sent to.</param>
/// <param name="SharedSecret">The connection's secret, 32 bytes.</param>
public sealed record PaymentMethod(string IlpAddress, byte[] SharedSecret);
