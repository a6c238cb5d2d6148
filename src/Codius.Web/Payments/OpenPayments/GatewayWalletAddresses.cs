using Codius.Web.Hosting;
using Codius.Web.Payments.HostWallet;
using Codius.Web.Payments.Setup;
using OpenPayments.Net;
using OpenPayments.Net.WalletAddresses;

namespace Codius.Web.Payments.OpenPayments;

/// <summary>
/// The wallet addresses of payable accounts: an app's is on its own host name, a deploy token's on the host's. There are none where the
/// host's wallet speaks no Open Payments.
/// </summary>
internal sealed class GatewayWalletAddresses(PayableAccounts accounts, HostNames names, WireAsset wire, HostWalletState wallet)
    : IWalletAddresses
{
    private const string PathOfApp = "/.well-known/pay";

    public WalletAddress? Find(string id)
    {
        var below = names.HostWalletAddressOf("");
        if (id.StartsWith(below, StringComparison.Ordinal)) return Named(OfAccount(id[below.Length..]), id);
        // Only the exact URL is a wallet address: the label's own URL is built again and compared.
        if (!Uri.TryCreate(id, UriKind.Absolute, out var url) || url.AbsolutePath != PathOfApp) return null;
        var match = names.Read(url.IsDefaultPort ? url.Host : $"{url.Host}:{url.Port}");
        return match.Kind == HostMatchKind.App ? Named(OfAccount(match.Label), id) : null;
    }

    /// <exception cref="OpenPaymentsUnavailableException">The host's wallet is not known yet, or its asset is not the host's.</exception>
    public WalletAddress? OfAccount(string account)
    {
        if (!accounts.TryFind(account, out var id) || (wallet.IsMode && wallet.Kind == HostWalletKind.SpspOnly)) return null;
        if (wallet.IsMode && wallet.Usable is null) throw new OpenPaymentsUnavailableException("The host's wallet is not known yet.");
        var address = id.IsDeployToken ? names.HostWalletAddressOf(account) : names.WalletAddressOf(account);
        return new WalletAddress(address, account, id.IsDeployToken ? $"A deploy token at {names.Domain}"
            : names.HostNameOf(account), wire.Code, wire.Scale);
    }

    private static WalletAddress? Named(WalletAddress? address, string id) => address?.Id == id ? address : null;
}
