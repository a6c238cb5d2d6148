using Codius.Web.Balances.WalletPayments;
using Microsoft.Extensions.Options;

namespace Codius.Web.Payments.HostWallet;

/// <summary>Shows the host's wallet to its owner.</summary>
internal sealed class HostWallets(
    HostWalletState state, WalletPaymentSchedule schedule, GivenUpPayments givenUp, PaymentsHealth health,
    IOptions<PaymentsOptions> options, TimeProvider time)
    : IHostWallets
{
    public async ValueTask<IReadOnlyList<Balances.WalletPayments.HostWallet>> ReadAsync(CancellationToken cancellation)
    {
        if (!state.IsMode) return [];
        cancellation.ThrowIfCancellationRequested();
        var counts = schedule.CountsAsync(time.GetUtcNow()).AsTask();
        var given = await givenUp.ReadAsync();
        var (open, closing, due) = await counts;
        var failure = health.WalletFailure;
        return
        [
            new Balances.WalletPayments.HostWallet(
                options.Value.Wallet ?? "", state.Document?.Id, StateName(), state.Fault, failure?.Reason, failure?.At, open, closing, due,
                given),
        ];
    }

    private string StateName() => state.Fault is not null ? "stopped" : state.Kind switch
    {
        HostWalletKind.OpenPayments => "receiving",
        HostWalletKind.SpspOnly => "receivingBySpsp",
        _ => "unknown",
    };
}
