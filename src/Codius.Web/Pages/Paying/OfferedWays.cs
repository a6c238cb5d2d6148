namespace Codius.Web.Pages.Paying;

/// <summary>Which ways to pay this host offers now. Set by the payments: pages show no way that would not work.</summary>
internal sealed class OfferedWays
{
    private volatile bool _hasWalletAddress = true;
    private volatile bool _canBePaid = true;
    private volatile bool _needsHints;

    /// <summary>False while no way would work: who receives the payments is not known yet, or cannot be credited.</summary>
    public bool CanBePaid
    {
        get => _canBePaid;
        set => _canBePaid = value;
    }

    /// <summary>True if an account's wallet address can be paid now.</summary>
    public bool ShowsWalletAddress => HasWalletAddress && CanBePaid;

    /// <summary>True if accounts have wallet addresses of Open Payments: browsers and visitors' wallets can pay them.</summary>
    public bool HasWalletAddress
    {
        get => _hasWalletAddress;
        set => _hasWalletAddress = value;
    }

    /// <summary>True if a page that knows of a payment should read it, so that the gateway looks for its money at once.</summary>
    public bool NeedsHints
    {
        get => _needsHints;
        set => _needsHints = value;
    }
}
