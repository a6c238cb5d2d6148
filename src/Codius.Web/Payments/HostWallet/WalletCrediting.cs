using Codius.Shared;
using Codius.Web.Balances;
using Codius.Web.Balances.WalletPayments;
using Codius.Web.Hosting;
using Codius.Web.Payments.OpenPayments;
using Codius.Web.Payments.TopUp;
using OpenPayments.Net.Receiving;

namespace Codius.Web.Payments.HostWallet;

/// <summary>Credits what the host's wallet says that a payment received: the increase, to the account that the record names.</summary>
internal sealed partial class WalletCrediting(
    PaymentCrediting crediting, WireAsset wire, HostNames names, PaymentsHealth health, ILogger<WalletCrediting> log)
{
    /// <summary>How long after its end a payment is still looked at, if the wallet cannot be read, and credited.</summary>
    public static readonly TimeSpan AfterEnd = TimeSpan.FromDays(30);

    private const int Remembered = 10_000;
    private readonly RecentlyUsed<Guid, bool> _lower = new(Remembered);

    /// <returns>Null if the wallet's amount is not one of the host's asset.</returns>
    /// <remarks>
    /// A crash before the credit: the next look reads the same total. After it: the total is counted, and a repeat changes nothing.
    /// </remarks>
    public async ValueTask<CreditResult?> CreditAsync(WalletPayment payment, ReceivingPayment seen)
    {
        if (seen.AssetCode != wire.Code || seen.AssetScale != wire.Scale || !wire.TryTotalToLedger(seen.ReceivedAmount, out var total))
        {
            health.RecordWalletFailure(
                $"the receiving wallet has a payment in {seen.AssetCode} at scale {seen.AssetScale}, not in {wire}.");
            LogAsset(payment.Account, seen.ReceivedAmount, seen.AssetCode, seen.AssetScale, wire.ToString());
            return null;
        }
        var result = await crediting.CreditAsync(new WalletCredit(
            payment.Account, GatewayIncomingPayments.TermsOf(payment, names), total, seen.Completed, payment.ExpiresAt + AfterEnd));
        if (result.Outcome == CreditOutcome.NoRoom)
        {
            health.RecordFailure($"account {payment.Account} has no room for what the receiving wallet got for it.");
            LogNoRoom(payment.Account, total);
        }
        // The ledger keeps the highest total and takes nothing back: only the host's owner may want to know.
        if (result.Outcome == CreditOutcome.AlreadyCounted && total < result.ReceiptTotal && !_lower.TryGet(payment.Id, out _))
        {
            _lower.GetOrAdd(payment.Id, static _ => true);
            LogLower(payment.Account, total, result.ReceiptTotal);
        }
        return result;
    }

    [LoggerMessage(LogLevel.Error,
        "The host's wallet says {Amount} in {Code} at scale {Scale} for {Account}, which cannot be counted in {Wire}: not credited")]
    private partial void LogAsset(AccountId account, ulong amount, string code, int scale, string wire);

    [LoggerMessage(LogLevel.Error, "{Account} has no room for the {Total} units of one payment at the host's wallet; tried again")]
    private partial void LogNoRoom(AccountId account, ulong total);

    [LoggerMessage(LogLevel.Warning, "The host's wallet says {Total} units for a payment of {Account}, and said {Before} before")]
    private partial void LogLower(AccountId account, ulong total, ulong before);
}
