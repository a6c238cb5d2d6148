using Codius.Web.Balances;
using Codius.Web.Hosting;
using Codius.Web.Payments.HostWallet;
using Interledger.Net.Spsp;
using OpenPayments.Net.WalletAddresses;

namespace Codius.Web.Payments.Setup;

/// <summary>
/// Answers requests for an account that do not accept SPSP: the Open Payments wallet address, and the gateway's key set beside it.
/// </summary>
internal sealed class WalletAddressAnswer(WalletAddressDocuments documents, HostWalletState wallet)
{
    private static readonly Problem NotKnown = new(503, "wallet-unavailable", "The host's wallet cannot be reached",
        "This account can be paid once the wallet behind it has answered. Nothing was paid; try again shortly.")
    { RetryAfter = 5 };

    private static readonly Problem OnlySpsp = new(404, "only-spsp", "There is no wallet address here",
        $"This host's money is received by a wallet elsewhere, which SPSP leads to: ask again with 'Accept: {SpspResponse.MediaType}'.");

    public Task WriteAsync(HttpContext context, AccountId account)
    {
        if (!wallet.IsMode || wallet.Usable is not null) return documents.WriteAsync(context, account.ToString());
        return Problems.WriteAsync(context, wallet.Kind == HostWalletKind.SpspOnly ? OnlySpsp : NotKnown);
    }

    /// <summary>The keys that verify the gateway's signatures when it is itself a client.</summary>
    public Task WriteKeysAsync(HttpContext context) => documents.WriteKeysAsync(context);

    /// <summary>There is no such wallet address.</summary>
    public static Task NotFoundAsync(HttpContext context) => WalletAddressDocuments.WriteNotFoundAsync(context);
}
