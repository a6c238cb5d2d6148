using OpenPayments.Net.IncomingPayments;

namespace OpenPayments.Net.Receiving;

/// <summary>An incoming payment at a host's wallet, as the wallet describes it.</summary>
/// <param name="Url">Its URL there. Whoever knows it can complete the payment at some wallets: keep it.</param>
/// <param name="ReceivedAmount">What the wallet says it received on it, in units of the wallet's asset.</param>
/// <param name="AssetCode">Code of the asset, the wallet's own.</param>
/// <param name="AssetScale">Its digits behind the point, the wallet's own.</param>
/// <param name="IncomingAmount">The most that it accepts; null for no limit.</param>
/// <param name="Completed">True if it accepts no more.</param>
/// <param name="ExpiresAt">When it ends; null if the wallet names no end.</param>
/// <param name="Method">How it is paid; null if it cannot be paid any more.</param>
public sealed record ReceivingPayment(
    Uri Url, ulong ReceivedAmount, string AssetCode, int AssetScale, ulong? IncomingAmount, bool Completed, DateTimeOffset? ExpiresAt,
    PaymentMethod? Method);
