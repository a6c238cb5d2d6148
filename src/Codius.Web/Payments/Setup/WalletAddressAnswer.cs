using Codius.Web.Balances;
using Codius.Web.Hosting;
using Interledger.Net.Spsp;
using Microsoft.Extensions.Options;
using OpenPayments.Net.WalletAddresses;

namespace Codius.Web.Payments.Setup;

/// <summary>
/// Answers requests for an account that do not accept SPSP: the Open Payments wallet address, and the gateway's key set beside it.
/// </summary>
internal sealed class WalletAddressAnswer(WalletAddressDocuments documents, IOptions<PaymentsOptions> options)
{
    private static readonly Problem OnlySpsp = new(404, "only-spsp", "There is no wallet address here",
        $"This host's money is received by a wallet elsewhere, which SPSP leads to: ask again with 'Accept: {SpspResponse.MediaType}'.");

    public Task WriteAsync(HttpContext context, AccountId account) => options.Value.Mode == PaymentsMode.Wallet
        ? Problems.WriteAsync(context, OnlySpsp)
        : documents.WriteAsync(context, account.ToString());

    /// <summary>The keys that verify the gateway's signatures when it is itself a client.</summary>
    public Task WriteKeysAsync(HttpContext context) => documents.WriteKeysAsync(context);

    /// <summary>There is no such wallet address.</summary>
    public static Task NotFoundAsync(HttpContext context) => WalletAddressDocuments.WriteNotFoundAsync(context);
}
