using System.Diagnostics;
using System.Globalization;

namespace Codius.Web.Apps.Processes.Running;

/// <summary>Identifies one process for good: its id alone is reused for another one after it has ended.</summary>
/// <param name="Pid">The process id.</param>
/// <param name="Start">When it started: boot and clock ticks on Linux, which no change of the clock moves.</param>
internal readonly record struct ProcessIdentity(int Pid, string Start)
{
    /// <summary>The process that has this id now; null if none has.</summary>
    public static ProcessIdentity? Of(int pid)
    {
        try
        {
            if (OperatingSystem.IsLinux()) return new(pid, LinuxStart(pid));
            using var process = Process.GetProcessById(pid);
            return new(pid, process.StartTime.Ticks.ToString(CultureInfo.InvariantCulture));
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public bool IsAlive => Of(Pid) == this;

    private static string LinuxStart(int pid)
    {
        // "pid (name) state ppid ..." where the name may hold anything, brackets too: count from the last one. Start is field 22.
        var stat = File.ReadAllText($"/proc/{pid}/stat");
        var ticks = stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[22 - 3];
        return $"{File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim()}:{ticks}";
    }
}
