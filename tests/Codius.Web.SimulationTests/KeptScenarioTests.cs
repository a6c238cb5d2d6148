using Codius.Web.SimulationTests.Checks;
using Codius.Web.SimulationTests.Schedules;
using Codius.Web.SimulationTests.Stores;

namespace Codius.Web.SimulationTests;

/// <summary>Scenarios that broke a rule once, or break it when it is left out; as the shrinker made them.</summary>
public sealed class KeptScenarioTests : IClassFixture<RedisStoreFixture>
{
    private readonly SimulatedStore _store;

    public KeptScenarioTests(RedisStoreFixture fixture) => _store = fixture.Store;

    public static TheoryData<string> Rules => [.. KeptScenarios.All.Keys];

    [Theory]
    [MemberData(nameof(Rules))]
    public Task A_kept_scenario_shows_that_its_rule_holds(string rule) => Task.Factory.StartNew(() =>
    {
        var scenario = Scenario.Parse(KeptScenarios.All[rule]);
        var script = Mutations.OfScripts.Concat(Mutations.OfLooks).Concat(Mutations.OfDust)
            .FirstOrDefault(mutation => mutation.Name == rule);
        var gateway = Mutations.OfGateways.FirstOrDefault(mutation => mutation.Name == rule);
        _store.Scripts.Mutation = null;
        Assert.Null(Failure.Of(new Simulation(_store, scenario)));

        _store.Scripts.Mutation = script;
        if (script is not null || gateway is not null)
            Assert.NotNull(Failure.Of(new Simulation(_store, scenario) { Mutation = gateway }));
    }, TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    [Fact]
    public void A_scenario_is_its_text()
    {
        var scenario = ScenarioGenerator.Make(7);

        Assert.Equal(scenario.ToString(), Scenario.Parse(scenario.ToString()).ToString());
    }

    [Fact]
    public Task Accounts_that_were_paid_little_end_and_are_paid_anew() => Task.Factory.StartNew(() =>
    {
        _store.Scripts.Mutation = null;
        var (ended, anew) = (0, 0);
        for (var seed = 1; seed <= 60; seed++)
        {
            var simulation = new Simulation(_store, ScenarioGenerator.Make(seed, ends: true));
            simulation.Run();
            ended += simulation.Accounts.Count(account => account.Ended.Count > 0);
            anew += simulation.Accounts.Count(account => account.Ended.Count > 1 || (account.Ended.Count > 0 && account.State.Exists));
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"{ended} accounts ended, {anew} were paid anew");
        Assert.True(ended > 10, $"{ended} ended");
        Assert.True(anew > 5, $"{anew} were paid anew");
    }, TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    [Fact]
    public Task Gateways_look_at_payments_that_are_paid_displaced_and_forgotten() => Task.Factory.StartNew(() =>
    {
        _store.Scripts.Mutation = null;
        var trace = _store.Scripts.Trace = new ScriptTrace();
        for (var seed = 1; seed <= 30; seed++) new Simulation(_store, ScenarioGenerator.Make(seed, Faults.Freeze, looks: true)).Run();
        _store.Scripts.Trace = null;
        foreach (var outcome in (string[])["opened", "full", "hinted", "closing", "placed", "late", "forgotten"])
        {
            var count = trace.ToString().Split($" <{outcome}> ").Length - 1;
            TestContext.Current.TestOutputHelper?.WriteLine($"{count} scripts answered {outcome}");
            Assert.True(count > 0, $"no script answered {outcome}");
        }
    }, TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
