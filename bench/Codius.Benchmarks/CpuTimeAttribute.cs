using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Perfolizer.Horology;

namespace Codius.Benchmarks;

/// <summary>
/// Measures processor time instead of the wall's: what "per second and core" means for code that waits for nothing, and the same on a
/// machine that is busy with something else. In the process itself, because a clock of one's own does not get into BenchmarkDotNet's
/// generated ones.
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
