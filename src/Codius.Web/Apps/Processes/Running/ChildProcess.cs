using System.Diagnostics;

namespace Codius.Web.Apps.Processes.Running;

/// <summary>One running process of an app: its port, the tail of its output, its end.</summary>
internal sealed class ChildProcess
{
    /// <summary>How long the output may stay open after the end, held by a process it started.</summary>
    private static readonly TimeSpan OutputTimeout = TimeSpan.FromMilliseconds(500);

    private readonly Process _process;
    private readonly ProcessContext _context;
    private readonly string _hash;
    private readonly OutputTail _output = new();
    // Once set, the id may be another process's.
    private volatile bool _gone;

    private ChildProcess(Process process, string hash, int port, ProcessContext context, Action<string> onLine)
    {
        _process = process;
        _hash = hash;
        _context = context;
        Id = process.Id;
        Port = port;
        Ended = EndAsync(onLine);
    }

    public int Id { get; }

    public int Port { get; }

    /// <summary>The exit code, once the process has ended and its output was read.</summary>
    public Task<int> Ended { get; }

    /// <summary>The last lines it wrote.</summary>
    public string Output => _output.ToString();

    /// <exception cref="FileNotFoundException">There is no such program.</exception>
    public static async Task<ChildProcess> StartAsync(
        ImageOptions image, string hash, ProcessContext context, Action<string> onLine)
    {
        var port = context.Ports.Allocate();
        var user = context.Users.Allocate(hash);
        try
        {
            var process = await context.Starter.StartAsync(image, port, user);
            process.StandardInput.Close();
            context.PidFiles.Write(process.Id);
            return new ChildProcess(process, hash, port, context, onLine);
        }
        catch
        {
            context.Ports.Release(port);
            context.Users.Release(hash);
            throw;
        }
    }

    /// <summary>Sends SIGTERM, and kills it after the grace; returns once it has ended.</summary>
    public async Task StopAsync(TimeSpan grace)
    {
        if (!_gone && grace > TimeSpan.Zero)
        {
            Signals.Terminate(Id);
            await Task.WhenAny(Ended, Task.Delay(grace, _context.Time));
        }
        Kill();
        await Ended;
    }

    /// <summary>Kills it at once.</summary>
    public void Kill()
    {
        if (!_gone) Signals.Kill(Id);
    }

    private async Task<int> EndAsync(Action<string> onLine)
    {
        var reading = Task.WhenAll(_output.ReadAsync(_process.StandardOutput, onLine), _output.ReadAsync(_process.StandardError, onLine));
        await _process.WaitForExitAsync();
        _gone = true;
        // The processes it started end with it, and close the output.
        if (_context.Starter.MakesGroups) Signals.KillGroup(Id);
        await Task.WhenAny(reading, Task.Delay(OutputTimeout, _context.Time));
        _context.PidFiles.Delete(Id);
        _context.Ports.Release(Port);
        _context.Users.Release(_hash);
        var code = _process.ExitCode;
        _process.Dispose();
        return code;
    }
}
