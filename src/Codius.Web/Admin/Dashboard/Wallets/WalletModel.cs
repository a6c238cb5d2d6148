using Codius.Web.Admin.Dashboard.Rendering;
using Codius.Web.Admin.Reading;
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
    public required int GivenUp { get; init; }

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
            GivenUp = wallet.GivenUp.Count,
        };
    }

    private static (string Level, string State) StateOf(HostWallet wallet) => wallet.State switch
    {
        "receiving" => (Overview.Level.Good, "It receives payments."),
        "receivingBySpsp" => (Overview.Level.Good, "It receives payments by SPSP, with receipts."),
        "stopped" => (Overview.Level.Bad, $"Nothing is credited: {wallet.Stopped}"),
        _ => (Overview.Level.Warn, "It has not answered yet."),
    };
}
