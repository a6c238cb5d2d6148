using Codius.Web.Balances;
using Codius.Web.Balances.Books;
using Codius.Web.Balances.WalletPayments;

namespace Codius.Web.Admin.Reading;

/// <summary>A wallet of the host, and what came through it.</summary>
/// <param name="Wallet">The wallet.</param>
/// <param name="ReceivedTotal">What was ever credited of what wallets of the host received, in units; half a minute late.</param>
/// <param name="ReceivedToday">The same since midnight UTC.</param>
internal sealed record WalletRow(HostWallet Wallet, ulong ReceivedTotal, UInt128 ReceivedToday);

/// <summary>Reads the wallets that receive the host's payments.</summary>
internal sealed class WalletRows(IHostWallets wallets, IBooks books, TimeProvider time)
{
    /// <exception cref="LedgerUnavailableException">The store is unavailable.</exception>
    public async ValueTask<IReadOnlyList<WalletRow>> ReadAsync(CancellationToken cancellation)
    {
        var found = await wallets.ReadAsync(cancellation);
        if (found.Count == 0) return [];
        var now = time.GetUtcNow();
        var today = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero);
        var total = (await books.ReadHostTotalsAsync(cancellation)).PaidByWallet;
        var days = await books.ReadHostLinesAsync(BookStep.Day, today, now.AddMinutes(1), cancellation);
        var paidToday = days.Where(day => day.Start >= today).Aggregate(UInt128.Zero, (sum, day) => sum + day.Totals.PaidByWallet);
        return [.. found.Select(wallet => new WalletRow(wallet, total, paidToday))];
    }
}
