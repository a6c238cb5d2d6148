using Microsoft.Extensions.Configuration.EnvironmentVariables;

namespace Codius.Web.Hosting.Settings;

/// <summary>
/// Finds keys that no options class has: each would be a typo without effect. Files and arguments belong to the gateway, so all their
/// keys must be known. The environment belongs to the whole machine: only keys in a known section, or nearly in one, are checked.
/// </summary>
internal sealed class UnknownSettings(KnownSetting known, IEnumerable<RetiredSetting> retired)
{
    /// <summary>Sections and keys that the framework itself reads.</summary>
    private static readonly HashSet<string> Framework = new(StringComparer.OrdinalIgnoreCase)
    {
        "Logging", "Kestrel", "AllowedHosts", "ForwardedHeaders_Enabled", "hostBuilder",
        HostDefaults.ApplicationKey, HostDefaults.EnvironmentKey, HostDefaults.ContentRootKey,
        WebHostDefaults.ServerUrlsKey, WebHostDefaults.HttpPortsKey, WebHostDefaults.HttpsPortsKey, WebHostDefaults.PreferHostingUrlsKey,
        WebHostDefaults.WebRootKey, WebHostDefaults.StaticWebAssetsKey, WebHostDefaults.ShutdownTimeoutKey,
        WebHostDefaults.DetailedErrorsKey, WebHostDefaults.CaptureStartupErrorsKey, WebHostDefaults.SuppressStatusMessagesKey,
        WebHostDefaults.StartupAssemblyKey, WebHostDefaults.HostingStartupAssembliesKey,
        WebHostDefaults.HostingStartupExcludeAssembliesKey, WebHostDefaults.PreventHostingStartupKey,
    };

    public IEnumerable<string> FaultsOf(IConfigurationRoot configuration) => configuration.Providers.SelectMany(FaultsOf);

    private IEnumerable<string> FaultsOf(IConfigurationProvider provider)
    {
        var isOurs = provider is not (EnvironmentVariablesConfigurationProvider or ChainedConfigurationProvider);
        foreach (var top in Children(provider, null).Where(top => !Framework.Contains(top)))
        {
            var section = known.Find(top);
            foreach (var key in section is null ? Leaves(provider, top) : Unknown(provider, top, section))
            {
                if (KeyNow(key) is { } now) yield return $"{key}: is {now} now.";
                else if (isOurs || section is not null || (key != top && MeantBy(key) is not null)) yield return Fault(key);
            }
        }
    }

    private string Fault(string key) => (MeantBy(key) ?? Elsewhere(key)) is { } meant
        ? $"{key}: there is no such setting. Did you mean {meant}?"
        : $"{key}: there is no such setting. appsettings.json has all there are.";

    private string? KeyNow(string key) => retired.Select(setting => setting.KeyFor(key)).OfType<string>().FirstOrDefault();

    private string? MeantBy(string key) => known.Near(key.Split(':'));

    /// <summary>The known key with this name in another section.</summary>
    private string? Elsewhere(string key) => known.Named(key[(key.LastIndexOf(':') + 1)..]).ToArray() is [var only] ? only : null;

    private static IEnumerable<string> Unknown(IConfigurationProvider provider, string path, KnownSetting at) =>
        Children(provider, path).SelectMany(name => at.Find(name) is { } below
            ? Unknown(provider, $"{path}:{name}", below)
            : Leaves(provider, $"{path}:{name}"));

    private static IEnumerable<string> Leaves(IConfigurationProvider provider, string path) =>
        Children(provider, path) is { Length: > 0 } names ? names.SelectMany(name => Leaves(provider, $"{path}:{name}")) : [path];

    private static string[] Children(IConfigurationProvider provider, string? path) =>
        [.. provider.GetChildKeys([], path).Distinct(StringComparer.OrdinalIgnoreCase)];
}
