using Codius.Web.Balances;
using Codius.Web.Hosting;
using Interledger.Net.Spsp;

namespace Codius.Web.Payments.Setup;

/// <summary>Answers those who look an account up without asking for SPSP: the place of the Open Payments wallet address.</summary>
internal static class WalletAddressAnswer
{
    public static Task WriteAsync(HttpContext context, AccountId account) => Problems.WriteAsync(context, new Problem(406, "only-spsp", "Only SPSP is spoken here",
        $"Account {account} can be paid by SPSP: ask again with 'Accept: {SpspResponse.MediaType}'."));
}
