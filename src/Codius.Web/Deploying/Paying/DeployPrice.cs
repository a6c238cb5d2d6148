using Codius.Web.Apps.Manifests;
using Codius.Web.Balances;

namespace Codius.Web.Deploying.Paying;

/// <summary>
/// What a deploy costs: <c>Prices:PerDeploy</c> for each started 16 KiB of its manifest, so that who fills the host's memory pays for it.
/// </summary>
/// <remarks>
/// Of the manifest's hash alone, which covers all that is counted: one deploy has one price, by <c>PUT</c> and by kubectl.
/// </remarks>
internal sealed class DeployPrice(Prices prices)
{
    /// <summary>The least that any deploy costs.</summary>
    public ulong Least => prices.PerDeploy;

    /// <param name="manifest">Accepted, with its secrets in clear.</param>
    public ulong Of(AppManifest manifest) => checked((ulong)PartsOf(manifest) * prices.PerDeploy);

    /// <summary>The parts of a manifest that are paid; at least one.</summary>
    public static int PartsOf(AppManifest manifest) =>
        (ManifestHash.SizeOf(manifest) + ManifestLimits.PartBytes - 1) / ManifestLimits.PartBytes;
}
