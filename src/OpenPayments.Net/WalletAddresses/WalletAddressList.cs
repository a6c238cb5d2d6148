namespace OpenPayments.Net.WalletAddresses;

/// <summary>A fixed list of wallet addresses, for a program that has few.</summary>
/// <param name="addresses">All there are.</param>
public sealed class WalletAddressList(params IEnumerable<WalletAddress> addresses) : IWalletAddresses
{
    private readonly WalletAddress[] _addresses = [.. addresses];

    /// <inheritdoc/>
    public WalletAddress? Find(string id) => _addresses.FirstOrDefault(address => address.Id == id);

    /// <inheritdoc/>
    public WalletAddress? OfAccount(string account) => _addresses.FirstOrDefault(address => address.Account == account);
}
