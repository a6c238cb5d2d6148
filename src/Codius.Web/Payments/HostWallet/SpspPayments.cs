using System.Buffers.Text;
using System.Net;
using Codius.Web.Balances;
using Interledger.Net.Packets;
using Interledger.Net.Spsp;
using Interledger.Net.Streaming;
using Microsoft.Extensions.Options;
using OpenPayments.Net.IncomingPayments;

namespace Codius.Web.Payments.HostWallet;

/// <summary>
/// The SPSP answer of a wallet that gives no receipts: the address of an incoming payment without an amount, which no payer reads, so that
/// the gateway looks at it from the beginning.
/// </summary>
internal sealed class SpspPayments(
    WalletPaymentCreator creator, WalletCallBudget budget, IOptions<PaymentsOptions> options, TimeProvider time)
{
    private static readonly string Creator = IncomingPayment.ClientIdOf("spsp");

    /// <exception cref="global::OpenPayments.Net.OpenPaymentsUnavailableException">There is none.</exception>
    public async Task<SpspResponse> CreateAsync(AccountId account, IPAddress? payer, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var wanted = IncomingPayment.New(account.ToString(), Creator, null, now, now + options.Value.AddressLifetime);
        var (_, record) = await creator.CreateAsync(wanted, payer, hot: budget.TryHint(payer), cancellation);
        return new SpspResponse(IlpAddress.Parse(record.IlpAddress), new StreamSecret(Base64Url.DecodeFromChars(record.SharedSecret)));
    }
}
