using Codius.Web.Hosting;
using Codius.Web.Pages.Paying;
using Microsoft.Extensions.Options;
using OpenPayments.Net.Paying;

namespace Codius.Web.Payments.HostWallet;

/// <summary>What is known of the host's wallet now: its kind, its document, and whether its asset is still the host's.</summary>
internal sealed partial class HostWalletState
{
    private readonly WireAsset _wire;
    private readonly Asset _ledger;
    private readonly HostNames _names;
    private readonly OfferedWays _offered;
    private readonly PaymentsHealth _health;
    private readonly ILogger<HostWalletState> _log;
    private volatile Known _known = new(HostWalletKind.Unknown, null, null);

    public HostWalletState(
        WireAsset wire, Asset ledger, HostNames names, OfferedWays offered, PaymentsHealth health, IOptions<PaymentsOptions> options,
        ILogger<HostWalletState> log)
    {
        (_wire, _ledger, _names, _offered, _health, _log) = (wire, ledger, names, offered, health, log);
        IsMode = options.Value.Receiver == PaymentsMode.Wallet;
        if (!IsMode) return;
        offered.CanBePaid = false; // until the wallet is known
        offered.HasWalletAddress = false; // until the wallet shows that it speaks Open Payments
        offered.NeedsHints = true;
    }

    /// <summary>True if the host's wallet receives the payments, known or not.</summary>
    public bool IsMode { get; }

    public HostWalletKind Kind => _known.Kind;

    /// <summary>The wallet, if it makes incoming payments that can be credited; null while its asset is not the host's.</summary>
    public PayerWallet? Usable => _known is { Fault: null } known ? known.Document : null;

    /// <summary>The wallet's document; null if it is not known, or the wallet has none.</summary>
    public PayerWallet? Document => _known.Document;

    /// <summary>Why nothing is credited; null if the wallet's asset is the host's.</summary>
    public string? Fault => _known.Fault;

    /// <summary>Why the host cannot be paid through a wallet; null if it can.</summary>
    public string? FaultOf(PayerWallet wallet)
    {
        // The sandbox's wallet has a reserved name.
        if (_names.Read(wallet.ResourceServer.IdnHost).Kind is HostMatchKind.Host or HostMatchKind.App)
            return $"The wallet {wallet.Id} is received by this host itself, so its payments would come back here; name the wallet's own "
                + "pointer.";
        if (wallet.AssetCode != _ledger.Code)
            return $"The wallet {wallet.Id} is an account in {wallet.AssetCode}, but Host:AssetCode is {_ledger.Code}. Name a wallet in "
                + $"{_ledger.Code}, or set Host:AssetCode before the host has balances.";
        if (wallet.AssetScale > _ledger.Scale)
            return $"The wallet {wallet.Id} counts in {wallet.AssetScale} digits, more than the {_ledger.Scale} of Host:AssetScale, so "
                + "what it receives could not be counted exactly. Set Host:AssetScale to at least its digits before the host has balances.";
        // Extensions refuse an address whose scale is 0.
        return wallet.AssetScale > 0 ? null
            : $"The wallet {wallet.Id} counts in whole {wallet.AssetCode} (assetScale 0), which browsers cannot pay. Name another wallet.";
    }

    /// <summary>The wallet answered with its document, or a copy of it was kept.</summary>
    public void Found(PayerWallet wallet)
    {
        var fault = FaultOf(wallet);
        // Addresses that were handed out promise the digits of the first document; a restart reads them anew.
        if (fault is null && Document is { } first && first.AssetScale != wallet.AssetScale)
            fault = $"The wallet {wallet.Id} now counts in {wallet.AssetScale} digits and before in {first.AssetScale}. Nothing is "
                + "credited until it counts as before; restart the gateways if it must stay so.";
        // Payments that are open are at the first one: the new one would know none of them.
        if (fault is null && Document is { } known && (known.Id, known.ResourceServer) != (wallet.Id, wallet.ResourceServer))
            fault = $"Payments:Wallet leads to {wallet.Id} now and led to {known.Id} before. Nothing is credited until it leads there "
                + "again; restart the gateways once no payment is open if it must stay so.";
        if (fault is not null)
        {
            if (Fault is null) LogFault(fault);
            _known = _known with { Fault = fault };
            _offered.CanBePaid = false;
            HostWalletMeter.Stopped();
            _health.RecordStopped(fault);
            return;
        }
        if (Fault is not null) LogRecovered(wallet.Id);
        if (Document is null) _wire.Set(wallet.AssetScale);
        _known = new Known(HostWalletKind.OpenPayments, wallet, null);
        _offered.HasWalletAddress = true;
        _offered.CanBePaid = true;
        _health.RecordResumed();
    }

    /// <summary>The wallet answered, and has no document of Open Payments: it counts as the host does, as in 2020.</summary>
    public void FoundNone()
    {
        if (Kind != HostWalletKind.Unknown) return;
        _wire.Set(_ledger.Scale);
        _known = new Known(HostWalletKind.SpspOnly, null, null);
        _offered.CanBePaid = true;
    }

    [LoggerMessage(LogLevel.Error, "Payments to the host's wallet are no longer credited: {Fault}")]
    private partial void LogFault(string fault);

    [LoggerMessage(LogLevel.Information, "Payments to the host's wallet {Id} are credited again")]
    private partial void LogRecovered(string id);

    private sealed record Known(HostWalletKind Kind, PayerWallet? Document, string? Fault);
}
