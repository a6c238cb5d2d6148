using System.Buffers;
using System.Collections.Frozen;
using Microsoft.Extensions.Options;

namespace Codius.Web.Hosting;

/// <summary>Matches Host headers with the host's domain and the apps', and builds every URL that the gateway publishes.</summary>
internal sealed class HostNames
{
    private static readonly SearchValues<char> LabelCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");
    private static readonly string[] AlwaysReserved = ["www", "wallet", "admin", "api", "auth"];

    private readonly string _domain;
    private readonly string _appsDomain;
    private readonly string _suffix;
    private readonly string _port;
    private readonly string _scheme;
    private readonly FrozenSet<string> _reserved;
    private readonly string? _payersLabel;

    public HostNames(IOptions<HostOptions> options)
    {
        var url = options.Value.PublicUrl!; // validated at start
        _domain = url.IdnHost.ToLowerInvariant();
        _appsDomain = options.Value.AppsDomain ?? _domain;
        _suffix = "." + _appsDomain;
        _port = url.IsDefaultPort ? "" : $":{url.Port}";
        _scheme = url.Scheme;
        _payersLabel = options.Value.PayersLabel;
        _reserved = AlwaysReserved.Concat(options.Value.ReservedNames).ToFrozenSet(StringComparer.Ordinal);
    }

    /// <summary>The host's own origin, without a trailing slash.</summary>
    public string Origin => $"{_scheme}://{_domain}{_port}";

    /// <summary>The host's own domain, without a port.</summary>
    public string Domain => _domain;

    /// <summary>The domain below which apps are: the host's own, unless they have one.</summary>
    public string AppsDomain => _appsDomain;

    /// <summary>True if the apps have a domain of their own.</summary>
    public bool AppsAreElsewhere => _appsDomain != _domain;

    /// <summary>The host name of an app (or of a reserved label), without a port.</summary>
    public string HostNameOf(string label) => label + _suffix;

    /// <summary>The origin of an app (or of a reserved label), without a trailing slash.</summary>
    public string OriginOf(string label) => $"{_scheme}://{label}{_suffix}{_port}";

    /// <summary>The app's wallet address, which is also where its payment pointer leads.</summary>
    public string WalletAddressOf(string app) => $"{OriginOf(app)}/.well-known/pay";

    /// <summary>The app's payment pointer in the short form that people copy.</summary>
    public string PaymentPointerOf(string app) => $"${app}{_suffix}{_port}";

    /// <summary>The host's own wallet address: it is not paid, and has the keys beside it that the gateway signs with.</summary>
    public string HostWalletAddress => Origin + "/.well-known/pay";

    /// <summary>The wallet address of any account under the host's own name, such as that of a deploy token.</summary>
    public string HostWalletAddressOf(string account) => $"{Origin}/pay/{account}";

    /// <summary>The same in the short form that people copy.</summary>
    public string HostPaymentPointerOf(string account) => $"${_domain}{_port}/pay/{account}";

    /// <summary>The page on which a deploy token's account is paid.</summary>
    public string PageOfAccount(string account) => $"{Origin}/?account={account}";

    /// <summary>True for a host name of this host, of its apps, or below one of theirs.</summary>
    public bool IsOwn(string hostName) =>
        hostName == _domain || hostName.EndsWith("." + _domain, StringComparison.Ordinal)
            || hostName == _appsDomain || hostName.EndsWith(_suffix, StringComparison.Ordinal);

    /// <summary>True for a host name whose accounts are paid here: no payment can come from it.</summary>
    public bool IsPaidHere(string hostName) =>
        Read(hostName) is { Kind: not HostMatchKind.None } match && (_payersLabel is null || match.Label != _payersLabel);

    public bool IsReserved(string label) => _reserved.Contains(label);

    /// <summary>
    /// What a Host header names. A port, a trailing dot and upper case change nothing; an address literal, no header,
    /// another domain and a name of more than one label below the apps' domain are <see cref="HostMatchKind.None"/>.
    /// </summary>
    public HostMatch Read(string? hostHeader)
    {
        if (string.IsNullOrEmpty(hostHeader) || hostHeader[0] == '[') return HostMatch.None;
        var colon = hostHeader.IndexOf(':', StringComparison.Ordinal);
        var name = (colon < 0 ? hostHeader : hostHeader[..colon]).ToLowerInvariant();
        if (name.EndsWith('.')) name = name[..^1];
        if (name == _domain) return HostMatch.Host;
        if (!name.EndsWith(_suffix, StringComparison.Ordinal)) return HostMatch.None;
        var label = name[..^_suffix.Length];
        if (!IsLabel(label)) return HostMatch.None;
        return new HostMatch(IsReserved(label) ? HostMatchKind.Reserved : HostMatchKind.App, label);
    }

    /// <summary>A DNS label in lower case: 1 to 63 letters, digits and inner hyphens.</summary>
    public static bool IsLabel(string text) =>
        text.Length is > 0 and <= 63 && !text.AsSpan().ContainsAnyExcept(LabelCharacters) && text[0] != '-' && text[^1] != '-';
}
