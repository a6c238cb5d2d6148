using Codius.Web.Hosting;
using Codius.Web.Payments.Setup;
using OpenPayments.Net.WalletAddresses;

namespace Codius.Web.Payments.OpenPayments;

/// <summary>Every payable account as Open Payments names it: an app at its own name, a deploy token's account at the host's.</summary>
internal sealed class GatewayWalletAddresses(PayableAccounts accounts, HostNames names, Asset asset) : IWalletAddresses
{
    private const string PathOfApp = "/.well-known/pay";

    public WalletAddress? Find(string id)
    {
        var below = names.HostWalletAddressOf("");
        if (id.StartsWith(below, StringComparison.Ordinal)) return Named(OfAccount(id[below.Length..]), id);
        // Only the exact URL of a wallet address is one, so the label is tried by writing it again.
        if (!Uri.TryCreate(id, UriKind.Absolute, out var url) || url.AbsolutePath != PathOfApp) return null;
        var match = names.Read(url.IsDefaultPort ? url.Host : $"{url.Host}:{url.Port}");
        return match.Kind == HostMatchKind.App ? Named(OfAccount(match.Label), id) : null;
    }

    public WalletAddress? OfAccount(string account)
    {
        if (!accounts.TryFind(account, out var id)) return null;
        var address = id.IsDeployToken ? names.HostWalletAddressOf(account) : names.WalletAddressOf(account);
        return new WalletAddress(address, account, id.IsDeployToken ? $"A deploy token at {names.Domain}"
            : $"{account}.{names.Domain}", asset.Code, asset.Scale);
    }

    private static WalletAddress? Named(WalletAddress? address, string id) => address?.Id == id ? address : null;
}
