namespace OpenPayments.Net.Paying;

/// <summary>What a payment would cost its payer.</summary>
/// <param name="Id">The quote's URL: a payment made of it costs exactly this.</param>
/// <param name="DebitAmount">What leaves the payer's account, in units of the payer's asset.</param>
/// <param name="ReceiveAmount">What arrives, in units of the receiver's asset.</param>
public sealed record Quote(string Id, ulong DebitAmount, ulong ReceiveAmount);
