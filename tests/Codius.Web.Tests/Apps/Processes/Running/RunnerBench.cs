using Codius.Testing;
using Codius.Web.Apps;
using Codius.Web.Apps.Processes;
using Codius.Web.Apps.Processes.Running;
using Codius.Web.Hosting;
using Codius.Web.Hosting.Supervision;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Codius.Web.Tests.Apps.Processes.Running;

/// <summary>A process runner with a data folder of its own, and images that are small real programs.</summary>
internal sealed class RunnerBench : IAsyncDisposable
{
    private readonly DataFolder _data;
    private readonly ProcessStarter _starter = new();

    public RunnerBench(Action<ProcessOptions>? configure = null, int maxAwakePerOwner = 10)
    {
        Folder = Directory.CreateTempSubdirectory("codius-runner-").FullName;
        _data = new DataFolder(Options.Create(new GatewayOptions { DataFolder = Folder }));
        var options = new AppOptions { MaxAwakePerOwner = maxAwakePerOwner };
        SampleApp.AddImageTo(options.Processes);
        var image = options.Processes.Images["hello"];
        options.Processes.Images["hello"] = Counted("hello", image.Command, [.. image.Args]);
        options.Processes.Images["broken"] = Counted("broken", "/bin/sh", "-c", "echo no database >&2; exit 3");
        configure?.Invoke(options.Processes);
        PidFiles = new PidFiles(_data);
        Context = new ProcessRunnerContext(new ProcessContext(_starter, new AppUsers(0), new FreePorts(), PidFiles, TimeProvider.System),
            new StartHistory(TimeProvider.System), options.Processes.StartTimeout, options.MaxAwakePerOwner, Supervisor,
            NullLogger.Instance);
        Runner = new ProcessRunner(new KnownImages(Options.Create(options)), Context, Activity, new AppMetrics());
    }

    public string Folder { get; }

    public Supervisor Supervisor { get; } = Supervised.By();

    public ProcessRunner Runner { get; }

    public ProcessRunnerContext Context { get; }

    public PidFiles PidFiles { get; }

    public AppActivity Activity { get; } = new(TimeProvider.System);

    /// <summary>The processes that have a PID file.</summary>
    public IEnumerable<int> Pids => Directory.Exists(Path.Combine(Folder, "processes"))
        ? Directory.EnumerateFiles(Path.Combine(Folder, "processes"))
        .Select(file => int.Parse(Path.GetFileNameWithoutExtension(file), null))
        : [];

    public int StartsOf(string image) => File.Exists(StartsFile(image)) ? File.ReadAllLines(StartsFile(image)).Length : 0;

    /// <summary>An image that records each start before it executes the program.</summary>
    public ImageOptions Counted(string image, string command, params string[] args)
    {
        var counted = new ImageOptions { Command = "/bin/sh", Args = { "-c", "echo started >> \"$STARTS\"; exec \"$@\"", "sh", command } };
        foreach (var arg in args) counted.Args.Add(arg);
        counted.Environment["STARTS"] = StartsFile(image);
        return counted;
    }

    public async ValueTask DisposeAsync()
    {
        await Runner.CloseAsync(TimeSpan.Zero, CancellationToken.None);
        _starter.Dispose();
        _data.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private string StartsFile(string image) => Path.Combine(Folder, image + ".starts");
}
