using System.Globalization;

namespace Codius.Web.Apps.Processes.Running;

/// <summary>Builds the environment of an app's process: never the gateway's own variables, which hold its secrets.</summary>
internal static class AppEnvironment
{
    private static readonly string[] Passed = ["PATH", "HOME", "USER", "LANG", "TZ", "TMPDIR", "TEMP", "TMP", "SystemRoot", "DOTNET_ROOT"];

    private static readonly string[] Homes = ["HOME", "USER"];

    /// <summary>The interface apps listen on: only the gateway reaches them, so that every visit is paid.</summary>
    public const string Host = "127.0.0.1";

    public static void Fill(IDictionary<string, string?> environment, ImageOptions image, int port, bool isOwnUser = false)
    {
        var kept = Passed.Where(environment.ContainsKey).ToDictionary(name => name, name => environment[name]);
        environment.Clear();
        // The gateway's home is not that user's, and has no business there.
        if (isOwnUser) kept = kept.Where(variable => !Homes.Contains(variable.Key)).ToDictionary();
        foreach (var (name, value) in kept) environment[name] = value;
        foreach (var (name, value) in image.Environment) environment[name] = value;
        environment["HOST"] = Host;
        environment["PORT"] = port.ToString(CultureInfo.InvariantCulture);
    }
}
