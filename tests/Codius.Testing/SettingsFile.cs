using Microsoft.Extensions.Configuration;

namespace Codius.Testing;

/// <summary>All settings there are, as <c>appsettings.json</c> lists them.</summary>
internal static class SettingsFile
{
    private static readonly HashSet<string> Keys = new ConfigurationBuilder()
        .AddJsonFile(Path.Combine(Repository.Root, "appsettings.json")).Build()
        .AsEnumerable().Select(pair => pair.Key).ToHashSet(StringComparer.Ordinal);

    /// <summary>The first parts of all keys.</summary>
    public static IReadOnlyCollection<string> Sections { get; } = Keys.Select(key => key.Split(':')[0]).ToHashSet(StringComparer.Ordinal);

    /// <summary>True for a setting, a section, and a place in a list or a table that the file leaves empty.</summary>
    public static bool Has(string key)
    {
        if (Keys.Contains(key)) return true;
        var parent = key.LastIndexOf(':') is > 0 and var last ? key[..last] : "";
        return IsOpen(parent);
    }

    // Lists, and the connectors' tokens by name; what Processes:Images has per image is one deeper.
    private static bool IsOpen(string key) =>
        key is "Payments:Connectors" or "Proxies:Known" or "Host:PreviousSecrets" or "Host:ReservedNames"
        or "Kubernetes:Registries" or "Kubernetes:Resolvers" or "Webhooks:ClientNames"
        or "Alerts:Webhooks" or "Visits:DoNotWake:Paths" or "Visits:DoNotWake:Agents"
            || key.StartsWith("Apps:Processes:Images:", StringComparison.Ordinal)
            || key.StartsWith("Alerts:Webhooks:", StringComparison.Ordinal);
}
