using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Codius.Web.Apps.Processes.Running;

/// <summary>Sends SIGTERM and SIGKILL; .NET itself can only kill.</summary>
internal static class Signals
{
    private const int SigKill = 9;
    private const int SigTerm = 15;

    /// <summary>Sends SIGTERM; kills it where there is no SIGTERM.</summary>
    public static void Terminate(int pid)
    {
        if (OperatingSystem.IsWindows()) Kill(pid);
        else _ = Send(pid, SigTerm);
    }

    /// <summary>Kills it and the processes it started.</summary>
    public static void Kill(int pid)
    {
        if (OperatingSystem.IsWindows() || GroupOf(pid) != pid)
        {
            KillTree(pid);
            return;
        }
        KillGroup(pid);
    }

    /// <summary>Kills the rest of a process group whose leader has ended.</summary>
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
    internal static extern int GroupOf(int pid);
}
