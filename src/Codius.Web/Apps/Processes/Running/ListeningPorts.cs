using System.Globalization;

namespace Codius.Web.Apps.Processes.Running;

/// <summary>The TCP ports that a process and those it started listen on, as Linux shows them in <c>/proc</c>.</summary>
internal static class ListeningPorts
{
    private const string Listening = "0A";

    /// <summary>In ascending order; empty where the system does not show them.</summary>
    public static IReadOnlyList<int> Of(int leader)
    {
        if (!OperatingSystem.IsLinux()) return [];
        var sockets = Pids().Where(pid => pid == leader || Signals.GroupOf(pid) == leader).SelectMany(SocketsOf).ToHashSet();
        return [.. Listeners("/proc/net/tcp").Concat(Listeners("/proc/net/tcp6"))
            .Where(listener => sockets.Contains(listener.Socket)).Select(listener => listener.Port).Distinct().Order()];
    }

    private static IEnumerable<int> Pids()
    {
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var pid)) yield return pid;
        }
    }

    /// <summary>Its sockets as links to <c>socket:[inode]</c>.</summary>
    private static List<string> SocketsOf(int pid)
    {
        try
        {
            return [.. Directory.EnumerateFileSystemEntries($"/proc/{pid}/fd")
                .Select(file => new FileInfo(file).LinkTarget).OfType<string>()];
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            // It ended meanwhile, or is another user's.
            return [];
        }
    }

    private static IEnumerable<(string Socket, int Port)> Listeners(string file)
    {
        if (!File.Exists(file)) yield break;
        foreach (var line in File.ReadLines(file).Skip(1))
        {
            // Number, local address, remote address, state, queues, timer, retransmissions, user, timeouts, inode.
            var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (fields is not [_, var local, _, Listening, _, _, _, _, _, var inode, ..]) continue;
            var port = local[(local.LastIndexOf(':') + 1)..];
            yield return ($"socket:[{inode}]", int.Parse(port, NumberStyles.HexNumber, CultureInfo.InvariantCulture));
        }
    }
}
