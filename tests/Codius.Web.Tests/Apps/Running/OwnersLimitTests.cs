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
    public async Task One_app_more_than_an_owner_may_have_awake_puts_the_one_to_sleep_that_is_idle_longest()
    {
        var (first, second, third) = (App("one", Alice), App("two", Alice), App("three", Alice));
        await WakeAsync(first);
        await WakeAsync(second);
        List<string> changed = [];
        _bench.Runner.StateChanged += changed.Add;
        Visit(first);

        await WakeAsync(third);

        Assert.Equal(AppState.Asleep, _bench.Runner.StateOf(second));
        Assert.IsType<AppState.Awake>(_bench.Runner.StateOf(first));
        Assert.Equal("two", changed[0]); // Whoever bills it is told.
        // What is awake already may wake again, and others are not concerned.
        Assert.IsType<AppState.Awake>(_bench.Runner.Wake(first));
        await WakeAsync(App("other", AccountId.OfDeployToken("bob")));
        await WakeAsync(App("host", null));
        Assert.IsType<AppState.Awake>(_bench.Runner.StateOf(third));
    }

    [Fact]
    public async Task Of_an_owner_whose_apps_are_all_in_use_one_more_is_not_woken_and_costs_nothing()
    {
        var (first, second, third) = (App("one", Alice), App("two", Alice), App("three", Alice));
        foreach (var app in (HostedApp[])[first, second])
        {
            await WakeAsync(app);
            _bench.Activity.Begin(app);
        }

        var refused = Assert.IsType<AppState.Failed>(_bench.Runner.Wake(third));

        Assert.Equal((FailureCause.OwnersLimit, true, true), (refused.Cause, refused.Refused, refused.IsFree));
        Assert.Contains("has 2 other apps awake", refused.Reason, StringComparison.Ordinal);
        Assert.NotNull(refused.RetryAt);
        Assert.Equal(2, _bench.StartsOf("hello"));

        _bench.Activity.End(first);
        await WakeAsync(third);
        Assert.Equal(AppState.Asleep, _bench.Runner.StateOf(first));
    }

    [Fact]
    public async Task Apps_named_by_their_hashes_count_with_such_apps_of_who_deployed_them_and_take_no_place_of_names()
    {
        var names = (HostedApp[])[App("one", Alice), App("two", Alice)];
        var hashes = "abc".Select(letter => HostedApp.OfHash(new string(letter, 52), "hello", Alice)).ToArray();
        foreach (var app in (HostedApp[])[.. names, .. hashes[..2]]) await WakeAsync(app);

        await WakeAsync(hashes[2]);

        Assert.Single(hashes, app => _bench.Runner.StateOf(app) == AppState.Asleep);
        Assert.All(names, app => Assert.IsType<AppState.Awake>(_bench.Runner.StateOf(app)));
    }

    private void Visit(HostedApp app)
    {
        _bench.Activity.Begin(app);
        _bench.Activity.End(app);
    }

    private static HostedApp App(string name, AccountId? owner) => new(name, "hash-of-" + name, "hello", owner);

    private async Task WakeAsync(HostedApp app)
    {
        _bench.Runner.Wake(app);
        Assert.IsType<AppState.Awake>(await _bench.Runner.WhenReadyOrFailedAsync(app, Stop));
    }
}
