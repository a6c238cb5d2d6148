using Codius.Web.SimulationTests.Checks;
using Codius.Web.SimulationTests.Schedules;
using Codius.Web.SimulationTests.Stores;

namespace Codius.Web.SimulationTests;

/// <summary>
/// Each rule is broken once, and the simulation finds it: so it checks what it claims to. With <c>CODIUS_SIMULATION_SHRINK</c> set it
/// also prints a short scenario that shows it.
/// </summary>
public sealed class MutationTests : IClassFixture<RedisStoreFixture>
{
    private const int MostSchedules = 3000;

    private readonly SimulatedStore _store;

    public MutationTests(RedisStoreFixture fixture) => _store = fixture.Store;

    public static TheoryData<string> Scripts => [.. Mutations.OfScripts.Concat(Mutations.OfLooks).Select(mutation => mutation.Name)];

    public static TheoryData<string> Dust => [.. Mutations.OfDust.Select(mutation => mutation.Name)];

    public static TheoryData<string> Gateways => [.. Mutations.OfGateways.Select(mutation => mutation.Name)];

    [Theory]
    [MemberData(nameof(Scripts))]
    public Task A_script_that_breaks_a_rule_is_found(string rule)
    {
        var broken = Mutations.OfScripts.Concat(Mutations.OfLooks).Single(mutation => mutation.Name == rule);
        return FindAsync(broken, seed => ScenarioGenerator.Make(seed, broken.Needs, broken.IsOfRunning, looks: broken.IsOfLooks));
    }

    [Theory]
    [MemberData(nameof(Dust))]
    public Task A_script_that_breaks_a_rule_of_accounts_that_end_is_found(string rule)
    {
        var broken = Mutations.OfDust.Single(mutation => mutation.Name == rule);
        return FindAsync(broken, seed => ScenarioGenerator.Make(seed, broken.Needs, ends: true));
    }

    [Theory]
    [MemberData(nameof(Gateways))]
    public Task A_gateway_that_breaks_a_rule_is_found(string rule)
    {
        var broken = Mutations.OfGateways.Single(mutation => mutation.Name == rule);
        return FindAsync(rule, seed => ScenarioGenerator.Make(seed), scenario =>
        {
            _store.Scripts.Mutation = null;
            return new Simulation(_store, scenario) { Mutation = broken };
        });
    }

    private Task FindAsync(ScriptMutation broken, Func<int, Scenario> make) => FindAsync(broken.Name, make, scenario =>
    {
        _store.Scripts.Mutation = broken;
        return new Simulation(_store, scenario);
    });

    private static Task FindAsync(
        string rule, Func<int, Scenario> make, Func<Scenario, Simulation> simulate) => Task.Factory.StartNew(() =>
    {
        // One in thousands of schedules shows some rules: such a schedule is kept, and comes first.
        IEnumerable<Scenario> kept = KeptScenarios.All.TryGetValue(rule, out var text) ? [Scenario.Parse(text)] : [];
        var scenarios = kept.Concat(Enumerable.Range(1, MostSchedules).Select(make));
        var found = scenarios.Select((scenario, at) => (Scenario: scenario, At: at + 1, Fault: Fault(scenario)))
            .FirstOrDefault(run => run.Fault is not null);
        Assert.True(found.Fault is not null, $"'{rule}' is broken, and {MostSchedules} schedules do not find it");
        TestContext.Current.TestOutputHelper?.WriteLine($"'{rule}' is broken: schedule {found.At}: {found.Fault.Message}");
        // The simulation must show the loss, not stumble over a script that cannot run.
        Assert.IsType<BrokenRuleException>(found.Fault);
        Assert.DoesNotContain("Scripts do not fail", found.Fault.Message, StringComparison.Ordinal);
        if (Environment.GetEnvironmentVariable("CODIUS_SIMULATION_SHRINK") is null) return;
        var less = Shrinker.Shrink(found.Scenario, shorter => Fault(shorter) is { } fault && Name(fault) == Name(found.Fault));
        TestContext.Current.TestOutputHelper?.WriteLine($"(\"{rule}\", \"{less}\"),");

        Exception? Fault(Scenario scenario) => Failure.Of(simulate(scenario));

        static string Name(Exception fault) => Failure.Name(fault);
    }, TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
