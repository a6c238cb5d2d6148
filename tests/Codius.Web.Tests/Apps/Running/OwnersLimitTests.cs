using Codius.Web.Apps;
using Codius.Web.Balances;
using Codius.Web.Tests.Apps.Processes.Running;

namespace Codius.Web.Tests.Apps.Running;

/// <summary>One owner's apps cannot take all the room.</summary>
public sealed class OwnersLimitTests : IAsyncLifetime
{
    private static readonly AccountId Alice = AccountId.OfDeployToken("alice");

    private readonly RunnerBench _bench = new(maxAwakePerOwner: 2);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task One_app_more_than_an_owner_may_have_awake_is_not_woken_and_costs_nothing()
    {
        var (first, second, third) = (App("one", Alice), App("two", Alice), App("three", Alice));
        await WakeAsync(first);
        await WakeAsync(second);

        var refused = Assert.IsType<AppState.Failed>(_bench.Runner.Wake(third));

        Assert.Equal((FailureCause.OwnersLimit, true, true), (refused.Cause, refused.Refused, refused.IsFree));
        Assert.Contains("has 2 other apps awake", refused.Reason, StringComparison.Ordinal);
        Assert.NotNull(refused.RetryAt);
        Assert.Equal(2, _bench.StartsOf("hello"));
        // What is awake already may wake again, and others are not concerned.
        Assert.IsType<AppState.Awake>(_bench.Runner.Wake(first));
        await WakeAsync(App("other", AccountId.OfDeployToken("bob")));
        await WakeAsync(App("host", null));

        await _bench.Runner.SleepAsync(first, TimeSpan.Zero, Stop);
        await WakeAsync(third);
    }

    [Fact]
    public async Task An_app_named_by_its_hash_counts_for_who_deployed_it()
    {
        await WakeAsync(App("one", Alice));
        await WakeAsync(App("two", Alice));

        var byHash = App(new string('a', 52), null) with { CountsFor = Alice };

        Assert.Equal(FailureCause.OwnersLimit, Assert.IsType<AppState.Failed>(_bench.Runner.Wake(byHash)).Cause);
    }

    private static HostedApp App(string name, AccountId? owner) => new(name, "hash-of-" + name, "hello", owner);

    private async Task WakeAsync(HostedApp app)
    {
        _bench.Runner.Wake(app);
        Assert.IsType<AppState.Awake>(await _bench.Runner.WhenReadyOrFailedAsync(app, Stop));
    }
}
