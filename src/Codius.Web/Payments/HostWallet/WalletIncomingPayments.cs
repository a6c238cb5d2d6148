using System.Buffers.Text;
using System.Net;
using Codius.Web.Balances;
using Codius.Web.Balances.WalletPayments;
using Codius.Web.Payments.OpenPayments;
using OpenPayments.Net;
using OpenPayments.Net.IncomingPayments;
using OpenPayments.Net.Receiving;

namespace Codius.Web.Payments.HostWallet;

/// <summary>
/// Wallet mode: each incoming payment of ours leads to one at the host's wallet, which has its ILP address and its money. What was received
/// is read from the ledger, as in Direct mode; <see cref="WalletHints"/> makes the gateway look at the wallet soon after a read.
/// </summary>
internal sealed class WalletIncomingPayments(
    GatewayIncomingPayments records, WalletPaymentCreator creator, WalletPaymentSchedule schedule, WalletCrediting crediting,
    WalletLooks looks, HostWalletState state, ReceivingClient client, WalletCallBudget budget)
    : IIncomingPayments, IPaymentMethods
{
    public async ValueTask<IncomingPayment> CreateAsync(IncomingPayment wanted, IPAddress? from, CancellationToken cancellation) =>
        (await creator.CreateAsync(wanted, from, hot: false, cancellation)).Payment;

    public ValueTask<IncomingPayment> ReadAsync(IncomingPayment made, CancellationToken cancellation) =>
        records.ReadAsync(made, cancellation);

    /// <remarks>
    /// The wallet first: after a crash anywhere below, the payment is still looked at, found completed, and credited.
    /// </remarks>
    public async ValueTask<IncomingPayment> CompleteAsync(IncomingPayment made, IPAddress? from, CancellationToken cancellation)
    {
        if (await FindAsync(made) is { } record)
        {
            if (state.Usable is not { } wallet || !await budget.WaitAsync(from, cancellation))
                throw new OpenPaymentsUnavailableException("The payment cannot be completed at the host's wallet now.");
            var answer = await client.CompleteAsync(wallet, record.Url, CancellationToken.None);
            if (answer.RetryAfter is { } pause) budget.Pause(pause);
            if (!answer.IsGood) throw new OpenPaymentsUnavailableException($"The host's wallet did not complete it: {answer.Fault}.");
            if (await crediting.CreditAsync(record, answer.Value with { Completed = true })
                is not { Outcome: CreditOutcome.Credited or CreditOutcome.AlreadyCounted })
                throw new OpenPaymentsUnavailableException("What the payment received could not be credited now.");
            // From here on the schedule completes it at the wallet again, which changes nothing, and forgets it.
            await GatewayIncomingPayments.RunAsync(async () =>
            {
                await schedule.CloseAsync(record.Id);
                return true;
            });
            looks.Wake();
        }
        return await records.CompleteAsync(made, from, cancellation);
    }

    public ValueTask<IncomingPaymentPage?> ListAsync(string account, string clientId, PageRequest page, CancellationToken cancellation) =>
        records.ListAsync(account, clientId, page, cancellation);

    public async ValueTask<PaymentMethod?> MethodForAsync(IncomingPayment payment, CancellationToken cancellation) =>
        await FindAsync(payment) is { } record
            ? new PaymentMethod(record.IlpAddress, Base64Url.DecodeFromChars(record.SharedSecret))
            : null;

    private ValueTask<WalletPayment?> FindAsync(IncomingPayment payment) =>
        GatewayIncomingPayments.RunAsync(async () => await schedule.FindAsync(payment.Id));
}
