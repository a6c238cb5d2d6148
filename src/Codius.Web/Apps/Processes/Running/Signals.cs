using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Codius.Web.Apps.Processes.Running;

/// <summary>Ends processes politely or not; .NET only knows the second way.</summary>
internal static class Signals
{
    private const int SigKill = 9;
    private const int SigTerm = 15;

    /// <summary>Asks it to end. Where there is no SIGTERM it is ended.</summary>
    public static void Terminate(int pid)
    {
        if (OperatingSystem.IsWindows()) Kill(pid);
        else _ = Send(pid, SigTerm);
    }

    /// <summary>Ends it and what it started.</summary>
    public static void Kill(int pid)
    {
        if (OperatingSystem.IsWindows() || GroupOf(pid) != pid)
        {
            KillTree(pid);
            return;
        }
        KillGroup(pid);
    }

    /// <summary>Ends what a process left behind that led a group of its own.</summary>
    public static void KillGroup(int leader)
    {
        if (!OperatingSystem.IsWindows()) _ = Send(-leader, SigKill);
    }

    private static void KillTree(int pid)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            process.Kill(entireProcessTree: true);
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException)
        {
            // It ended by itself.
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Send(int pid, int signal);

    [DllImport("libc", EntryPoint = "getpgid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int GroupOf(int pid);
}
