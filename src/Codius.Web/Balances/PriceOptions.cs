using System.ComponentModel.DataAnnotations;

namespace Codius.Web.Balances;

/// <summary>What the host charges, as decimal text of its asset. Section <c>Prices</c>.</summary>
internal sealed class PriceOptions
{
    public const string Section = "Prices";

    /// <summary>Requests of a page with its assets, for the default of <see cref="OpenAt"/>.</summary>
    public const int RequestsOfAPage = 20;

    /// <summary>
    /// More parts than any manifest has for which <see cref="PerDeploy"/> is paid: 256 KiB, each byte of which becomes six at most in the
    /// form that is hashed.
    /// </summary>
    public const int MostPartsOfADeploy = 100;

    /// <summary>The default of <see cref="FreeErrorsPerMinute"/>.</summary>
    public const int UsualFreeErrors = 60;

    /// <summary>Price of one request.</summary>
    /// <value>The default is 0.00001.</value>
    [Required]
    public string PerRequest { get; set; } = "0.00001";

    /// <summary>Price of deploying a manifest, for each started 16 KiB of it (in the form that is hashed).</summary>
    /// <value>The default is 0.01.</value>
    [Required]
    public string PerDeploy { get; set; } = "0.01";

    /// <summary>Price of an hour of an app being awake.</summary>
    /// <value>The default is 0.006, so that a page opens below the first payment of a Web Monetization extension.</value>
    [Required]
    public string PerRunningHour { get; set; } = "0.006";

    /// <summary>
    /// What the 402 page waits for; null is a minute awake and 20 times <see cref="PerRequest"/>, so that a page comes with its assets.
    /// </summary>
    public string? OpenAt { get; set; }

    /// <summary>
    /// How many of an app's own 5xx answers a minute cost nothing; later ones are charged. Counted with the settles for all gateways: in
    /// between, each gives at most its share of what was left, rounded up.
    /// </summary>
    /// <value>The default is 60.</value>
    [Range(0, 1_000_000)]
    public int FreeErrorsPerMinute { get; set; } = UsualFreeErrors;
}
