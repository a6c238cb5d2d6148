using Codius.Web.Balances;
using Codius.Web.Hosting;

namespace Codius.Web.Apps.Manifests;

/// <summary>
/// Which names an app may have: labels that are neither reserved nor could be taken for a hash or a deploy token's account.
/// </summary>
internal sealed class NameRules(HostNames hosts)
{
    public string? Fault(string name)
    {
        if (HostNames.IsLabel(name) && hosts.IsReserved(name)) return $"'{name}' is reserved by this host; choose another name";
        return FaultOfForm(name);
    }

    /// <summary>What keeps a text from naming any app, whatever the host reserves.</summary>
    public static string? FaultOfForm(string name)
    {
        if (!HostNames.IsLabel(name)) return $"'{name}' is not a DNS label: 1 to 63 of a-z, 0-9 and inner '-'";
        if (ManifestHash.LooksLikeHash(name)) return $"'{name}' could be taken for a manifest's hash; choose another name";
        // Both would have the same account.
        return AccountId.OfApp(name).IsDeployToken ? $"'{name}' could be taken for a deploy token's account; choose another name" : null;
    }
}
