using Codius.Web.Balances;
using Codius.Web.Balances.WalletPayments;

namespace Codius.Testing.Wallets;

/// <summary>A fake of the wallet that receives the host's payments, as its owner sees it; the test sets what it is like.</summary>
internal sealed class StagedHostWallets : IHostWallets
{
    /// <summary>One that receives, of which two payments were given up: one of an app, one of a deploy token.</summary>
    public static HostWallet Receiving(DateTimeOffset now, string app) => new(
        "$wallet.example/host", "https://wallet.example/host", "receiving", null,
        "The wallet answered 503 to a look at a payment.", now.AddMinutes(-7), 31, 4, 2,
        [
            GivenUp(now.AddHours(-3), AccountId.OfApp(app), "The wallet does not know the payment any more."),
            GivenUp(now.AddDays(-2), AccountId.OfDeployToken("a token"), "It received more than the account can hold."),
        ]);

    public IReadOnlyList<HostWallet> Wallets { get; set; } = [];

    public ValueTask<IReadOnlyList<HostWallet>> ReadAsync(CancellationToken cancellation) => new(Wallets);

    private static GivenUpPayment GivenUp(DateTimeOffset at, AccountId account, string why) =>
        new(Guid.NewGuid(), account, at.AddDays(-31), at.AddDays(-30), at, why);
}
