using System.Collections.Concurrent;
using System.Diagnostics;

namespace Codius.Web.Apps.Processes.Running;

/// <summary>
/// Starts processes so that they end with the gateway, even when that is killed: through <c>setsid</c> (a group of its own,
/// out of reach of the terminal's Ctrl+C) and <c>setpriv --pdeathsig</c> where the system has them.
/// </summary>
internal sealed class ProcessStarter : IDisposable
{
    private readonly BlockingCollection<(ProcessStartInfo Info, TaskCompletionSource<Process> Started)> _queue = [];
    private readonly string? _setsid = Find("setsid");
    private readonly string? _setpriv = OperatingSystem.IsLinux() ? Find("setpriv") : null;

    // The death signal is sent when the thread that forked ends, not its process: one thread forks all of them and outlives them.
    public ProcessStarter() => new Thread(StartAll) { IsBackground = true, Name = "Process starter" }.Start();

    /// <summary>True if each process leads a group of its own.</summary>
    public bool MakesGroups => _setsid is not null;

    /// <param name="image">What to run.</param>
    /// <param name="port">The port it is told to listen on.</param>
    /// <param name="user">The user id it runs as; null for the gateway's own user.</param>
    /// <exception cref="FileNotFoundException">There is no such program.</exception>
    public Task<Process> StartAsync(ImageOptions image, int port, int? user = null)
    {
        // The programs that start it would report it only by an exit code, like an end of the app itself.
        if ((_setsid ?? _setpriv) is not null && !IsThere(image))
            throw new FileNotFoundException($"There is no program {image.Command}.");
        var info = new ProcessStartInfo
        {
            WorkingDirectory = image.WorkingDirectory ?? "",
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        string[] command =
        [
            .. _setsid is null ? Array.Empty<string>() : [_setsid],
            .. _setpriv is null
                ? Array.Empty<string>() : [_setpriv, .. user is { } id ? AppUsers.ArgumentsOf(id) : [], "--pdeathsig", "KILL", "--"],
            image.Command,
            .. image.Args,
        ];
        info.FileName = command[0];
        foreach (var argument in command.AsSpan(1)) info.ArgumentList.Add(argument);
        AppEnvironment.Fill(info.Environment, image, port, isOwnUser: user is not null);
        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        _queue.Add((info, started));
        return started.Task;
    }

    public void Dispose() => _queue.CompleteAdding();

    private void StartAll()
    {
        foreach (var (info, started) in _queue.GetConsumingEnumerable())
        {
            try
            {
                started.SetResult(Process.Start(info)!);
            }
            catch (Exception failure)
            {
                started.SetException(failure);
            }
        }
        _queue.Dispose();
    }

    private static bool IsThere(ImageOptions image) => image.Command.Contains('/', StringComparison.Ordinal)
        ? File.Exists(Path.Combine(image.WorkingDirectory ?? "", image.Command))
        : Find(image.Command) is not null;

    private static string? Find(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, program))
            .FirstOrDefault(File.Exists);
}
