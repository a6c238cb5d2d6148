using System.ComponentModel.DataAnnotations;

namespace Codius.Web.Hosting;

/// <summary>Who this host is to the outside: its address, its asset, its secret. Section <c>Host</c>.</summary>
internal sealed class HostOptions
{
    public const string Section = "Host";

    /// <summary>The one source of every URL the gateway writes or verifies; no path, query or fragment.</summary>
    /// <value>Development: <c>http://localhost</c> with the visits port. Elsewhere it must be given.</value>
    [Required]
    public Uri? PublicUrl { get; set; }

    /// <summary>
    /// A domain of the apps' own, such as <c>codius-apps.example</c>: apps are names below it, and their pages cannot set cookies for the
    /// host; null: apps are names below the host's domain.
    /// </summary>
    /// <value>The default is null.</value>
    public string? AppsDomain { get; set; }

    /// <summary>The host's name as people read it on its pages and as wallets show it.</summary>
    /// <value>The default is <c>Codius host</c>.</value>
    [Required, StringLength(80, MinimumLength = 1)]
    public string DisplayName { get; set; } = "Codius host";

    /// <summary>Code of the one asset all accounts are kept in: the asset of the host's ILP account.</summary>
    /// <value>The default is <c>USD</c>.</value>
    [Required, RegularExpression("[A-Z0-9]{3,12}")]
    public string AssetCode { get; set; } = "USD";

    /// <summary>Digits behind the point of one whole asset: with 9, a unit is a billionth.</summary>
    /// <value>The default is 9.</value>
    [Range(1, 12)]
    public int AssetScale { get; set; } = 9;

    /// <summary>The reserved label whose wallet pays instead of being paid: the sandbox sets it. Not a setting; null for none.</summary>
    internal string? PayersLabel { get; set; }

    /// <summary>
    /// 32 bytes in base64 from which all keys derive. Development makes one under the data folder; Production refuses to start without.
    /// </summary>
    public string? Secret { get; set; }

    /// <summary>Earlier secrets, still accepted in address tokens and receipt nonces that name them.</summary>
    public IList<string> PreviousSecrets { get; } = [];

    /// <summary>Labels under the host's domain that no app may have.</summary>
    /// <value>The default is www, wallet, admin, api, auth.</value>
    public IList<string> ReservedNames { get; } = [];
}
