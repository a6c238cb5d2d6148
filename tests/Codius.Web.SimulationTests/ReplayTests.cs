using System.Diagnostics;
using Codius.Web.SimulationTests.Schedules;
using Codius.Web.SimulationTests.Stores;

namespace Codius.Web.SimulationTests;

/// <summary>A seed is the same run, script by script: whatever the process, its hashes, its threads, and the store.</summary>
public sealed class ReplayTests : IClassFixture<RedisStoreFixture>
{
    /// <summary>Where a process that a test starts writes its run.</summary>
    private const string Written = "CODIUS_SIMULATION_TRACE";

    private const int Seeds = 16;

    private readonly SimulatedStore _redis;

    public ReplayTests(RedisStoreFixture fixture) => _redis = fixture.Store;

    [Fact]
    public Task The_same_seed_is_the_same_run_in_each_process() => RunAsync(async () =>
    {
        var trace = Trace(_redis);
        if (Environment.GetEnvironmentVariable(Written) is { } file)
        {
            await File.WriteAllTextAsync(file, trace);
            return;
        }
        AssertSame(trace, Trace(_redis));
        AssertSame(trace, await TraceElsewhereAsync());
    });

    [Fact]
    public Task The_same_seed_is_the_same_run_on_each_store() => RunAsync(async () =>
    {
        await using var garnet = SimulatedStore.OnGarnet();
        var trace = Trace(garnet);
        AssertSame(trace, Trace(garnet));
        AssertSame(trace, Trace(_redis));
    });

    private static string Trace(SimulatedStore store)
    {
        var trace = store.Scripts.Trace = new ScriptTrace();
        for (var seed = 1; seed <= Seeds; seed++) new Simulation(store, ScenarioGenerator.Make(seed)).Run();
        store.Scripts.Trace = null;
        return trace.ToString();
    }

    /// <summary>The same test in another process, with a Redis of its own.</summary>
    private static async Task<string> TraceElsewhereAsync()
    {
        var file = Path.GetTempFileName();
        try
        {
            var program = Path.ChangeExtension(typeof(ReplayTests).Assembly.Location, OperatingSystem.IsWindows() ? "exe" : null);
            var test = $"*.{nameof(The_same_seed_is_the_same_run_in_each_process)}";
            using var process = Process.Start(new ProcessStartInfo(program, ["-method", test])
            {
                Environment = { [Written] = file },
                RedirectStandardOutput = true,
            })!;
            var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.True(process.ExitCode == 0, output);
            return await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static void AssertSame(string expected, string actual)
    {
        var (first, second) = (expected.Split('\n'), actual.Split('\n'));
        Assert.True(first.Length > 100 * Seeds, $"Only {first.Length} scripts");
        for (var i = 0; i < Math.Min(first.Length, second.Length); i++)
            Assert.True(first[i] == second[i], $"Script {i} of {first.Length}:\n{first[i]}\n{second[i]}");
        Assert.Equal(first.Length, second.Length);
    }

    private static Task RunAsync(Func<Task> test) => Task.Factory.StartNew(
        () => test().GetAwaiter().GetResult(),
        TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
