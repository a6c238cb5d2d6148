using Codius.Web.SimulationTests.Schedules;
using Codius.Web.SimulationTests.Stores;

namespace Codius.Web.SimulationTests;

/// <summary>Each rule is broken once, and the simulation finds it: so it checks what it claims to.</summary>
public sealed class MutationTests : IClassFixture<MutationTests.Fixture>
{
    private const int MostSchedules = 300;

    private readonly SimulatedStore _store;

    public MutationTests(Fixture fixture) => _store = fixture.Store;

    public static TheoryData<string> Scripts => [.. Mutations.OfScripts.Select(mutation => mutation.Name)];

    public static TheoryData<string> Gateways => [.. Mutations.OfGateways.Select(mutation => mutation.Name)];

    [Theory]
    [MemberData(nameof(Scripts))]
    public Task A_script_that_breaks_a_rule_is_found(string rule)
    {
        var broken = Mutations.OfScripts.Single(mutation => mutation.Name == rule);
        return FindAsync(rule, scenario =>
        {
            _store.Scripts.Mutation = broken;
            return new Simulation(_store, scenario);
        });
    }

    [Theory]
    [MemberData(nameof(Gateways))]
    public Task A_gateway_that_breaks_a_rule_is_found(string rule)
    {
        var broken = Mutations.OfGateways.Single(mutation => mutation.Name == rule);
        return FindAsync(rule, scenario =>
        {
            _store.Scripts.Mutation = null;
            return new Simulation(_store, scenario) { Mutation = broken };
        });
    }

    private static Task FindAsync(string rule, Func<Scenario, Simulation> simulate) => Task.Factory.StartNew(() =>
    {
        for (var seed = 1; seed <= MostSchedules; seed++)
        {
            try
            {
                simulate(ScenarioGenerator.Make(seed)).Run();
            }
            catch (Exception found)
            {
                TestContext.Current.TestOutputHelper?.WriteLine($"'{rule}', broken: schedule {seed}: {found.Message}");
                return;
            }
        }
        Assert.Fail($"'{rule}' is broken, and {MostSchedules} schedules do not find it");
    }, TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>A real Redis, which the tests use one after the other.</summary>
    public sealed class Fixture : IAsyncLifetime
    {
        internal SimulatedStore Store { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Store = await SimulatedStore.OnRedisAsync(TestContext.Current.CancellationToken);

        public ValueTask DisposeAsync() => Store.DisposeAsync();
    }
}
