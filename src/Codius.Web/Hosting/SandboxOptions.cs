using System.ComponentModel.DataAnnotations;

namespace Codius.Web.Hosting;

/// <summary>The wallet and the connector with play money, in Development only. Section <c>Sandbox</c>.</summary>
internal sealed class SandboxOptions
{
    public const string Section = "Sandbox";

    /// <summary>False to leave the sandbox out.</summary>
    /// <value>The default is true in Development; elsewhere it is always off.</value>
    public bool? Enabled { get; set; }

    /// <summary>What the wallet begins with, and is filled up to, as decimal text of the asset.</summary>
    /// <value>The default is 10.</value>
    [Required]
    public string StartingBalance { get; set; } = "10";
}
