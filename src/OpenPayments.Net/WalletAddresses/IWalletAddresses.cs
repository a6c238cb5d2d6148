namespace OpenPayments.Net.WalletAddresses;

/// <summary>Knows which accounts of this host can be paid.</summary>
public interface IWalletAddresses
{
    /// <summary>The wallet address with this URL; null if this host has none.</summary>
    WalletAddress? Find(string id);

    /// <summary>The wallet address of an account, the same that its URL finds; null if there is no such account.</summary>
    WalletAddress? OfAccount(string account);
}
