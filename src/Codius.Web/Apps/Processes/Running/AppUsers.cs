using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Options;

namespace Codius.Web.Apps.Processes.Running;

/// <summary>
/// The users that apps run as: one user id for each version, its alone, where the gateway is root on Linux and the system's
/// <c>setpriv</c> can change the user. So no app reads the gateway's secrets, its environment, its store or another app.
/// </summary>
internal sealed class AppUsers
{
    private const int Count = 65_536;

    private readonly int _first;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, (int Id, int Processes)> _running = new(StringComparer.Ordinal);
    private readonly HashSet<int> _taken = [];

    public AppUsers(IOptions<AppOptions> options, IHostEnvironment environment) : this(FirstIdOf(options.Value.Processes, environment))
    {
    }

    /// <param name="first">The first user id; 0: all apps run as the gateway's own user.</param>
    public AppUsers(int first) => _first = first > 0 && CanChangeTo(first) ? first : 0;

    /// <summary>False if apps run as the gateway's own user.</summary>
    public bool AreApart => _first > 0;

    /// <summary>
    /// The user id of a version until as many <see cref="Release"/>; null for the gateway's own user. A version has the same one again
    /// unless a version that runs has it: who deploys one whose hash leads to the same id gets the next.
    /// </summary>
    public int? Allocate(string hash)
    {
        if (!AreApart) return null;
        lock (_gate)
        {
            if (!_running.TryGetValue(hash, out var user))
            {
                var place = (int)(hash.Aggregate(17u, (sum, letter) => sum * 31 + letter) % Count);
                while (!_taken.Add(place)) place = (place + 1) % Count;
                user.Id = _first + place;
            }
            _running[hash] = (user.Id, user.Processes + 1);
            return user.Id;
        }
    }

    /// <summary>A process of the version has ended.</summary>
    public void Release(string hash)
    {
        lock (_gate)
        {
            if (!_running.TryGetValue(hash, out var user)) return;
            if (user.Processes > 1)
            {
                _running[hash] = (user.Id, user.Processes - 1);
                return;
            }
            _running.Remove(hash);
            _taken.Remove(user.Id - _first);
        }
    }

    /// <summary>The arguments of <c>setpriv</c> that make a process this user: with no groups, and no way to become another.</summary>
    public static string[] ArgumentsOf(int id)
    {
        var text = id.ToString(CultureInfo.InvariantCulture);
        return ["--reuid", text, "--regid", text, "--clear-groups", "--no-new-privs", "--inh-caps", "-all"];
    }

    /// <summary>The configured first id, or the default of the environment.</summary>
    public static int FirstIdOf(ProcessOptions options, IHostEnvironment environment) =>
        options.FirstUserId ?? (environment.IsProduction() ? 700_000 : 0);

    /// <summary>Tries it: there are a <c>setpriv</c> without these arguments, and containers without such user ids.</summary>
    private static bool CanChangeTo(int id)
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess) return false;
        try
        {
            using var process = Process.Start(new ProcessStartInfo("setpriv", [.. ArgumentsOf(id), "--", "true"])
            {
                RedirectStandardError = true,
            })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false; // there is no setpriv
        }
    }
}
