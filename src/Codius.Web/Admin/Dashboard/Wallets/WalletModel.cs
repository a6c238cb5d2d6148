using Codius.Web.Admin.Dashboard.Rendering;
using Codius.Web.Admin.Reading;
using Codius.Web.Balances;
using Codius.Web.Balances.WalletPayments;
using Codius.Web.Hosting;

namespace Codius.Web.Admin.Dashboard.Wallets;

/// <summary>A wallet that receives the host's payments.</summary>
public sealed record WalletModel(string PaymentPointer, string? Address, string Level, string State, AmountModel Total, AmountModel Today)
{
    /// <summary>What it last refused or how it failed; null for nothing.</summary>
    public string? Failure { get; init; }

    /// <summary>When that was.</summary>
    public DateTimeOffset? FailureAt { get; init; }

    /// <summary>Payments there that may be paid, are about to be completed, and are due to be looked at.</summary>
    public required long Open { get; init; }

    public required long Closing { get; init; }

    public required long Due { get; init; }

    /// <summary>Payments that could not be credited, and are not tried any more.</summary>
    public required IReadOnlyList<GivenUpLine> GivenUp { get; init; }

    internal static WalletModel Of(WalletRow row, Asset asset)
    {
        var wallet = row.Wallet;
        var (level, state) = StateOf(wallet);
        return new WalletModel(
            wallet.Pointer, wallet.Address, level, state, AmountModel.Of(row.ReceivedTotal, asset),
            AmountModel.Of(Shown.Clamp((Int128)row.ReceivedToday), asset))
        {
            Failure = wallet.LastFailure,
            FailureAt = wallet.LastFailureAt,
            Open = wallet.OpenPayments,
            Closing = wallet.ClosingPayments,
            Due = wallet.DueLooks,
            GivenUp = [.. wallet.GivenUp.Select(GivenUpLine.Of)],
        };
    }

    private static (string Level, string State) StateOf(HostWallet wallet) => wallet.State switch
    {
        "receiving" => (Overview.Level.Good, "It receives payments."),
        "receivingBySpsp" => (Overview.Level.Good, "It receives payments by SPSP, with receipts."),
        "stopped" => (Overview.Level.Bad, $"Nothing is credited: {wallet.Stopped}"),
        _ => (Overview.Level.Warn, "It has not answered yet."),
    };

    /// <summary>A payment that could not be credited.</summary>
    /// <param name="At">When it was given up.</param>
    /// <param name="Account">The account that it was made for.</param>
    /// <param name="App">The name of the app it is of; null for a deploy token's.</param>
    /// <param name="Id">Its id.</param>
    /// <param name="Why">Why.</param>
    public sealed record GivenUpLine(DateTimeOffset At, string Account, string? App, string Id, string Why)
    {
        internal static GivenUpLine Of(GivenUpPayment payment) => new(
            payment.At, $"{payment.Account}", AccountId.OfApp($"{payment.Account}").IsDeployToken ? null : $"{payment.Account}",
            $"{payment.Id:D}", payment.Why);
    }
}
