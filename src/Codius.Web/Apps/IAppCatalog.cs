using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;

namespace Codius.Web.Apps;

/// <summary>The apps that are hosted. A visit reads the snapshot and never waits for it.</summary>
internal interface IAppCatalog
{
    /// <summary>The apps as of now; replaced as a whole when something changes.</summary>
    AppSnapshot Current { get; }

    /// <summary>Raised after <see cref="Current"/> was replaced.</summary>
    event Action? Changed;
}

/// <summary>All apps at one moment, by name and by hash.</summary>
internal sealed class AppSnapshot(IEnumerable<HostedApp> apps)
{
    public static AppSnapshot Empty { get; } = new([]);

    private readonly FrozenDictionary<string, HostedApp> _apps = apps.ToFrozenDictionary(app => app.Name, StringComparer.Ordinal);

    public IReadOnlyCollection<HostedApp> Apps => _apps.Values;

    public bool TryFind(string label, [NotNullWhen(true)] out HostedApp? app) => _apps.TryGetValue(label, out app);
}
