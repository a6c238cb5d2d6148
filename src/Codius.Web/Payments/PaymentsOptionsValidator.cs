using System.Buffers;
using Codius.Web.Balances;
using Codius.Web.Hosting;
using Codius.Web.Payments.Setup;
using Interledger.Net.Packets;
using Microsoft.Extensions.Options;
using OpenPayments.Net;
using HostOptions = Codius.Web.Hosting.HostOptions;

namespace Codius.Web.Payments;

/// <summary>Validates what attributes of <see cref="PaymentsOptions"/> cannot express.</summary>
internal sealed class PaymentsOptionsValidator(IHostEnvironment environment, IConfiguration configuration)
    : IValidateOptions<PaymentsOptions>
{
    public const int MinimumTokenLength = 16;
    private const int MaxAddressLength = 700; // leaves room for the address token
    private static readonly SearchValues<char> NameCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    private readonly HostOptions? _host = Read(configuration, environment.IsDevelopment());

    public ValidateOptionsResult Validate(string? name, PaymentsOptions options) =>
        Faults(options).ToArray() is { Length: > 0 } faults ? ValidateOptionsResult.Fail(faults) : ValidateOptionsResult.Success;

    private IEnumerable<string> Faults(PaymentsOptions options) =>
        [.. Addresses(), .. Amounts(options), .. Times(options), .. Connectors(options), .. Clients(options),
            .. options.Receiver == PaymentsMode.Direct ? Direct(options) : Wallet(options)];

    private IEnumerable<string> Addresses()
    {
        if (_host?.PublicUrl is not { IsAbsoluteUri: true }) yield break;
        var names = new HostNames(Options.Create(_host));
        var servers = new OpenPaymentsOptions { Origin = names.Origin, LongestAccount = AccountId.MaxLength };
        var account = new string('x', AccountId.MaxLength);
        var ofApp = names.WalletAddressOf(account).Length;
        var longest = new[] { servers.LongestUrl, ofApp, names.HostWalletAddressOf(account).Length }.Max();
        var (setting, domain) = names.AppsAreElsewhere && longest == ofApp ? ("AppsDomain", names.AppsDomain) : ("PublicUrl", names.Domain);
        if (longest > OpenPaymentsOptions.MaxStoredLength)
            yield return $"Host:{setting}: is too long by {longest - OpenPaymentsOptions.MaxStoredLength} characters, since wallets "
                + $"keep the URLs of incoming payments, with the payments in them, in {OpenPaymentsOptions.MaxStoredLength}; use a domain "
                + $"of at most {domain.Length - (longest - OpenPaymentsOptions.MaxStoredLength)} characters.";
    }

    private IEnumerable<string> Amounts(PaymentsOptions options)
    {
        if (_host is not { } known) yield break;
        var asset = new Asset(known.AssetCode, known.AssetScale);
        if (!asset.TryParse(options.MaxUnsettled, out _))
            yield return $"Payments:MaxUnsettled: '{options.MaxUnsettled}' is not an amount of {asset.Code} with at most {asset.Scale} "
                + "decimals.";
        if (!string.IsNullOrEmpty(options.MaxPacketAmount) && (!asset.TryParse(options.MaxPacketAmount, out var most) || most == 0))
            yield return $"Payments:MaxPacketAmount: '{options.MaxPacketAmount}' is not an amount of {asset.Code} above 0 with at most "
                + $"{asset.Scale} decimals.";
        // A scale out of its own range is reported by its attribute.
        if (options.AssetScale is not (>= 1 and <= 12) || asset.Scale is not (>= 1 and <= 12)) yield break;
        if (options.AssetScale > asset.Scale)
        {
            yield return $"Payments:AssetScale: {options.AssetScale} is finer than the ledger, which counts in {asset.Scale} digits "
                + "(Host:AssetScale), so packets could not be counted exactly. Use at most as many.";
            yield break;
        }
        var wire = new WireAsset(asset);
        wire.Set(options.AssetScale.Value);
        if (asset.TryParse(options.MaxPacketAmount, out most) && most > 0 && wire.ToWireDown(most) == 0)
            yield return $"Payments:MaxPacketAmount: '{options.MaxPacketAmount}' is below {wire.AsAsset().Format(1)} {asset.Code}, the "
                + "least that a packet can carry at Payments:AssetScale, so no money could come in.";
    }

    private static IEnumerable<string> Times(PaymentsOptions options)
    {
        if (options.FulfillMargin >= options.MinimumWindow)
            yield return "Payments:FulfillMargin: must be shorter than Payments:MinimumWindow, or no packet would ever be in time.";
    }

    private IEnumerable<string> Clients(PaymentsOptions options)
    {
        if (environment.IsProduction() && options.InsecureClients == true)
            yield return "Payments:InsecureClients: would let any stranger make this machine ask addresses of its own network; it is "
                + "not for Production.";
    }

    private static IEnumerable<string> Connectors(PaymentsOptions options)
    {
        foreach (var name in options.Connectors.Keys
            .Where(name => name.Length is 0 or > 50 || name.AsSpan().ContainsAnyExcept(NameCharacters)))
            yield return $"Payments:Connectors: '{name}' must be 1 to 50 characters of a-z, 0-9 and hyphen.";
        foreach (var (name, _) in options.Connectors.Where(pair => pair.Value is not { Length: >= MinimumTokenLength }))
            yield return $"Payments:Connectors:{name}: the token must have at least {MinimumTokenLength} characters. Make one with "
                + "`openssl rand -hex 32`.";
        if (options.Connectors.Values.Distinct(StringComparer.Ordinal).Count() < options.Connectors.Count)
            yield return "Payments:Connectors: two connectors have the same token; each needs its own.";
    }

    private IEnumerable<string> Direct(PaymentsOptions options)
    {
        if (!string.IsNullOrEmpty(options.Wallet))
            yield return $"Payments:Mode: is Direct, but Payments:Wallet names '{options.Wallet}'. Remove Payments:Mode to be paid through "
                + "this wallet, or Payments:Wallet to receive payments by a connector.";
        if (!string.IsNullOrEmpty(options.IlpAddress)
            && (!IlpAddress.TryParse(options.IlpAddress, out var address) || address.Length > MaxAddressLength))
            yield return $"Payments:IlpAddress: '{options.IlpAddress}' is not an ILP address of at most {MaxAddressLength} characters, "
                + "such as g.connector.codius.";
        if (environment.IsDevelopment()) yield break;
        if (string.IsNullOrEmpty(options.IlpAddress))
            yield return "Payments:IlpAddress: is missing. In Direct mode it is the ILP address your connector's operator gave this host.";
        if (options.Connectors.Count == 0)
            yield return "Payments:Connectors: is empty, so no money could come in. In Direct mode give each connector a token "
                + "(environment: Payments__Connectors__NAME), or name the host's wallet in Payments:Wallet.";
    }

    private IEnumerable<string> Wallet(PaymentsOptions options)
    {
        if (options.AssetScale is not null)
            yield return "Payments:AssetScale: is for connectors' packets, which there are none of in Wallet mode; the wallet says its own "
                + "scale. Remove it.";
        if (string.IsNullOrEmpty(options.Wallet))
            yield return "Payments:Wallet: is missing. In Wallet mode it is the payment pointer of the host's receiving wallet, such "
                + "as $wallet.example/host.";
        else if (_host?.PublicUrl is { }
            && !ReceivingWallet.TryRead(
                options.Wallet, new HostNames(Options.Create(_host)), environment.IsDevelopment(), out _, out var fault))
            yield return "Payments:Wallet: " + fault;
    }

    /// <summary>The host's settings, not validated: their own validator reports their faults; null if they cannot be bound.</summary>
    private static HostOptions? Read(IConfiguration configuration, bool development)
    {
        try
        {
            var host = configuration.GetSection(HostOptions.Section).Get<HostOptions>() ?? new HostOptions();
            // With its port, as in the sandbox wallet's pointer.
            if (development) host.PublicUrl ??= HostingRegistration.LocalUrl(configuration);
            return host;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
