using Codius.Web.SimulationTests.Checks;
using Codius.Web.SimulationTests.Schedules;
using Codius.Web.SimulationTests.Stores;

namespace Codius.Web.SimulationTests;

/// <summary>
/// Simulates <c>CODIUS_SIMULATION_STEPS</c> steps (25,000 by default) from the seed <c>CODIUS_SIMULATION_SEED</c> on (always the same by
/// default, so that only a change turns the tests red) on each store. A failure prints its seed and a shorter scenario, to be kept.
/// </summary>
public abstract class SimulationContract : IAsyncLifetime
{
    private const int UsualSeed = 7_700_001;

    private protected SimulatedStore Store { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Store = await OpenAsync();

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public Task No_schedule_breaks_a_rule_of_money() => Task.Factory.StartNew(() =>
    {
        var (steps, first) = (Setting("CODIUS_SIMULATION_STEPS", 25_000), Setting("CODIUS_SIMULATION_SEED", UsualSeed));
        var (seed, calls) = (first, 0L);
        for (; (seed - first) * ScenarioGenerator.StepsOfOne < steps; seed++)
        {
            var scenario = ScenarioGenerator.Make(seed);
            if (Fault(scenario, ref calls) is not { } fault) continue;
            var less = Shrinker.Shrink(
                scenario, shorter => Fault(shorter, ref calls) is { } other && Failure.Name(other) == Failure.Name(fault));
            Assert.Fail($"Seed {seed}: {fault.Message}\n{less}\n{Fault(less, ref calls)}");
        }
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{seed - first} schedules of {ScenarioGenerator.StepsOfOne} steps, {calls} scripts, from seed {first} on");
    }, TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private protected abstract Task<SimulatedStore> OpenAsync();

    private Exception? Fault(Scenario scenario, ref long calls)
    {
        var simulation = new Simulation(Store, scenario);
        var failure = Failure.Of(simulation);
        calls += simulation.Calls;
        return failure;
    }

    private static int Setting(string name, int usual) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), out var value) ? value : usual;
}

/// <summary>On a real Redis.</summary>
public sealed class RedisSimulationTests : SimulationContract
{
    private protected override Task<SimulatedStore> OpenAsync() => SimulatedStore.OnRedisAsync(TestContext.Current.CancellationToken);
}

/// <summary>On Garnet inside the process.</summary>
public sealed class GarnetSimulationTests : SimulationContract
{
    private protected override Task<SimulatedStore> OpenAsync() => Task.FromResult(SimulatedStore.OnGarnet());
}
