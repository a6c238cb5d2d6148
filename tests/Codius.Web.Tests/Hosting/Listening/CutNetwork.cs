using System.ComponentModel;
using System.Diagnostics;

namespace Codius.Web.Tests.Hosting.Listening;

/// <summary>
/// A network of its own that a virtual cable joins with this machine's. It belongs to a process and has no name: <c>ip netns add</c>
/// would mount over the folder in which a container runtime keeps the networks of its pods.
/// </summary>
internal sealed class CutNetwork : IDisposable
{
    public const string HostAddress = "10.213.87.1";
    private const string ClientAddress = "10.213.87.2/30";
    private readonly Process _holder;
    private readonly string _cable = $"cut{Environment.ProcessId % 100_000}";

    private CutNetwork(Process holder) => _holder = holder;

    /// <summary>Null where that cannot be had.</summary>
    public static CutNetwork? TryMake()
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess) return null;
        if (TryStart("unshare", "--net", "sh", "-c", "echo made; exec cat") is not { } holder) return null;
        var network = new CutNetwork(holder);
        var (host, client) = ($"{network._cable}h", $"{network._cable}c");
        if (holder.StandardOutput.ReadLine() == "made"
            && Run("ip", $"link add {host} type veth peer name {client} netns {holder.Id}")
            && Run("ip", $"addr add {HostAddress}/30 dev {host}") && Run("ip", $"link set {host} up")
            && network.RunInside($"ip addr add {ClientAddress} dev {client}") && network.RunInside($"ip link set {client} up"))
            return network;
        network.Dispose();
        return null;
    }

    /// <summary>Starts a client in it.</summary>
    public Process Start(string script) => TryStart("nsenter", "-t", $"{_holder.Id}", "-n", "bash", "-c", script)!;

    /// <summary>From now on no packet gets through, and neither side is told.</summary>
    public void Cut() => RunInside($"ip addr del {ClientAddress} dev {_cable}c");

    public void Dispose()
    {
        Run("ip", $"link del {_cable}h");
        _holder.Kill();
        _holder.Dispose();
    }

    private bool RunInside(string command) => Run("nsenter", $"-t {_holder.Id} -n {command}");

    private static bool Run(string program, string arguments)
    {
        using var process = TryStart(program, arguments.Split(' '));
        process?.WaitForExit();
        return process?.ExitCode == 0;
    }

    private static Process? TryStart(string program, params string[] arguments)
    {
        try
        {
            return Process.Start(new ProcessStartInfo(program, arguments)
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            });
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
