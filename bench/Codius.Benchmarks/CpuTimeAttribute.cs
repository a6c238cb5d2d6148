using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Perfolizer.Horology;

namespace Codius.Benchmarks;

/// <summary>
/// Measures processor time instead of elapsed time: that is "per second and core" for code that never waits, and stable on a busy
/// machine. In the process itself, because BenchmarkDotNet cannot pass a custom clock to the processes it generates.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class CpuTimeAttribute : Attribute, IConfigSource
{
    public IConfig Config { get; } = ManualConfig.CreateEmpty()
        .AddJob(Job.ShortRun.WithIterationCount(7).WithToolchain(InProcessEmitToolchain.Instance)
            .WithClock(new CpuClock()).WithId("cpu time"));

    private sealed class CpuClock : IClock
    {
        public string Title => "processor time of the process";

        public bool IsAvailable => true;

        public Frequency Frequency { get; } = new(TimeSpan.TicksPerSecond);

        public long GetTimestamp() => Environment.CpuUsage.TotalTime.Ticks;
    }
}
