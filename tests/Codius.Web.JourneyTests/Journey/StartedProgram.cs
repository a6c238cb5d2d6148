using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;

namespace Codius.Web.JourneyTests.Journey;

/// <summary>The built program as a process of its own, as a person starts it: ports, a data folder, and the lines it writes.</summary>
internal sealed class StartedProgram : IAsyncDisposable
{
    private const string ItRuns = "Codius.Web is running.";
    private const string AdminToken = "the admin token of a journey";

    private readonly ConcurrentQueue<string> _lines = new();
    private readonly Process _process;
    private readonly HttpClient _http;
    private readonly HttpClient _metrics;
    private readonly int _port;

    private StartedProgram(Process process, int port, int managementPort)
    {
        (_process, _port) = (process, port);
        _metrics = new HttpClient
        {
            BaseAddress = new Uri($"http://127.0.0.1:{managementPort}"),
            DefaultRequestHeaders = { Authorization = new("Bearer", AdminToken) }
        };
        // Not every resolver maps names under localhost to this machine.
        _http = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellation) =>
            {
                var socket = new System.Net.Sockets.Socket(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
                await socket.ConnectAsync(IPAddress.Loopback, port, cancellation);
                return new System.Net.Sockets.NetworkStream(socket, ownsSocket: true);
            },
        });
    }

    public string HelloUrl => $"http://hello.localhost:{_port}";

    public string WalletUrl => $"http://wallet.localhost:{_port}";

    public string HostUrl => $"http://localhost:{_port}";

    /// <summary>Its output, for the message of a test that fails.</summary>
    public string Log => string.Join('\n', _lines);

    /// <summary>True while a process of an app runs.</summary>
    public bool HasApps => File.ReadAllText($"/proc/{_process.Id}/task/{_process.Id}/children").Trim().Length > 0
        || Directory.EnumerateDirectories($"/proc/{_process.Id}/task")
            .Any(task => File.ReadAllText(Path.Combine(task, "children")).Trim().Length > 0);

    public static async Task<StartedProgram> StartAsync(
        int port, int managementPort, string dataFolder, IEnumerable<string> settings, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(ProgramFile())
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = dataFolder,
            Environment = { ["ASPNETCORE_ENVIRONMENT"] = "Development" },
        };
        foreach (var setting in settings.Prepend($"Gateway:Port={port}").Prepend($"Gateway:ManagementPort={managementPort}")
            .Prepend($"Gateway:DataFolder={dataFolder}").Prepend($"Admin:Token={AdminToken}"))
            start.ArgumentList.Add("--" + setting);
        var program = new StartedProgram(Process.Start(start)!, port, managementPort);
        var runs = new TaskCompletionSource();
        program._process.OutputDataReceived += (_, line) => program.Append(line.Data, runs);
        program._process.ErrorDataReceived += (_, line) => program.Append(line.Data, runs);
        program._process.BeginOutputReadLine();
        program._process.BeginErrorReadLine();
        var ended = program._process.WaitForExitAsync(cancellation);
        if (await Task.WhenAny(runs.Task, ended) == runs.Task) return program;
        throw new InvalidOperationException($"The program ended at once:\n{program.Log}");
    }

    public async Task<(ulong Balance, string State)> ReadAsync(CancellationToken cancellation)
    {
        var state = JsonDocument.Parse(await _http.GetStringAsync(HelloUrl + "/.well-known/codius/balance", cancellation)).RootElement;
        return (ulong.Parse(state.GetProperty("balance").GetString()!, CultureInfo.InvariantCulture),
            state.GetProperty("state").GetString()!);
    }

    /// <summary>How many requests were charged since the program started, by its metrics.</summary>
    public async Task<ulong> ChargedAsync(CancellationToken cancellation)
    {
        var lines = (await _metrics.GetStringAsync("/metrics", cancellation)).Split('\n');
        return lines.Where(line =>
            line.StartsWith("codius_visits", StringComparison.Ordinal) && line.Contains("charged=\"yes\"", StringComparison.Ordinal))
            .Aggregate(0UL, (sum, line) => sum + ulong.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture));
    }

    /// <summary>Sends SIGTERM and returns the exit code.</summary>
    public async Task<int> StopAsync(CancellationToken cancellation)
    {
        await SignalAsync("-TERM", cancellation);
        await _process.WaitForExitAsync(cancellation);
        return _process.ExitCode;
    }

    /// <summary>SIGKILL: it gets no time to finish anything, and its apps run on.</summary>
    public async Task KillAsync(CancellationToken cancellation)
    {
        _process.Kill();
        await _process.WaitForExitAsync(cancellation);
    }

    /// <summary>It keeps its connections and does nothing until <see cref="ThawAsync"/>.</summary>
    public Task FreezeAsync(CancellationToken cancellation) => SignalAsync("-STOP", cancellation);

    public Task ThawAsync(CancellationToken cancellation) => SignalAsync("-CONT", cancellation);

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        _metrics.Dispose();
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    // Beside this suite: artifacts/bin/{project}/{configuration}.
    private static string ProgramFile()
    {
        var own = new DirectoryInfo(AppContext.BaseDirectory);
        return Path.Combine(own.Parent!.Parent!.FullName, "Codius.Web", own.Name, "Codius.Web");
    }

    private async Task SignalAsync(string signal, CancellationToken cancellation)
    {
        using var kill = Process.Start("kill", [signal, _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(cancellation);
    }

    private void Append(string? line, TaskCompletionSource runs)
    {
        if (line is null) return;
        _lines.Enqueue(line);
        if (line.Contains(ItRuns, StringComparison.Ordinal)) runs.TrySetResult();
    }
}
