using System.ComponentModel.DataAnnotations;

namespace Codius.Web.Balances.Leases;

/// <summary>How gateways hold money to spend in memory. Section <c>Leases</c>.</summary>
internal sealed class LeaseOptions
{
    public const string Section = "Leases";

    /// <summary>
    /// The most this gateway holds of all accounts together, as decimal text of the asset: what the host can lose if it crashes. Units
    /// ahead of visits fill its first half only: the second is for visits that wait.
    /// </summary>
    /// <value>The default is 100.</value>
    [Required]
    public string MaxOut { get; set; } = "100";

    /// <summary>How long a lease lives unless its gateway renews it; then its unused units return to the account.</summary>
    /// <value>The default is 10 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:03", "00:10:00")]
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How often used units are settled and free ones returned.</summary>
    /// <value>The default is 1 second.</value>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:00:10")]
    public TimeSpan SettleEvery { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a request waits for funds that are leased or reserved elsewhere.</summary>
    /// <value>The default is 2 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:30")]
    public TimeSpan RecallWait { get; set; } = TimeSpan.FromSeconds(2);
}
