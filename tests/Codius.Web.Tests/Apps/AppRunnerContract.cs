using System.Collections.Concurrent;
using System.Net.WebSockets;
using Codius.Web.Apps;

namespace Codius.Web.Tests.Apps;

/// <summary>The contract of all runners, whatever the engine.</summary>
public abstract class AppRunnerContract : IAsyncLifetime
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private protected abstract IAppRunner Runner { get; }

    /// <summary>samples/Hello under a name and a hash of the test's choice.</summary>
    private protected abstract HostedApp Hello(string name, string hash);

    /// <summary>An app that writes "no database" and ends before it listens.</summary>
    private protected abstract HostedApp Failing(string name, string hash);

    /// <summary>How often a hash was started.</summary>
    private protected abstract int StartsOf(string hash);

    /// <summary>Lets the app die as if it had crashed.</summary>
    private protected abstract void Crash(HostedApp app);

    public abstract ValueTask InitializeAsync();

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Many_visits_to_a_sleeping_app_make_one_wake()
    {
        var app = Hello("hello", "one");
        Assert.Same(AppState.Asleep, Runner.StateOf(app));

        var states = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => Task.Run(async () =>
        {
            Runner.Wake(app);
            return await Runner.WhenReadyOrFailedAsync(app, Cancellation);
        }, Cancellation)));

        var awake = Assert.IsType<AppState.Awake>(Assert.Single(states.Distinct()));
        Assert.Equal(1, StartsOf("one"));
        Assert.Equal(awake, Runner.StateOf(app));
        using var client = new HttpClient();
        Assert.Contains("Hello!", await client.GetStringAsync(awake.Address, Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_start_that_fails_is_told_to_all_who_wait_and_the_last_lines_it_wrote_are_kept_apart()
    {
        var app = Failing("broken", "broken");
        Runner.Wake(app);

        var states = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Runner.WhenReadyOrFailedAsync(app, Cancellation)));

        Assert.All(states, state =>
        {
            var failed = Assert.IsType<AppState.Failed>(state);
            Assert.Equal((FailureCause.App, "no database"), (failed.Cause, failed.Output));
            Assert.DoesNotContain("no database", failed.Reason, StringComparison.Ordinal);
        });
        var status = Assert.Single(Runner.Statuses);
        Assert.Equal("no database", status.LastOutput);
        Assert.DoesNotContain("no database", status.LastError, StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_three_failed_starts_a_visit_starts_nothing_for_a_while()
    {
        var app = Failing("broken", "broken");
        for (var tries = 0; tries < 3; tries++)
        {
            Runner.Wake(app);
            Assert.IsType<AppState.Failed>(await Runner.WhenReadyOrFailedAsync(app, Cancellation));
        }

        var refused = Assert.IsType<AppState.Failed>(Runner.Wake(app));

        Assert.NotNull(refused.RetryAt);
        Assert.Equal("no database", refused.Output);
        Assert.Equal(refused, await Runner.WhenReadyOrFailedAsync(app, Cancellation));
        Assert.Equal(3, StartsOf("broken"));
    }

    [Fact]
    public async Task An_app_put_to_sleep_is_asleep_at_once_and_closes_its_sockets_itself()
    {
        var app = Hello("hello", "one");
        var awake = await WakeAsync(app);
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(new UriBuilder(awake.Address) { Scheme = "ws", Path = "/echo" }.Uri, Cancellation);

        var sleeping = Runner.SleepAsync(app, TimeSpan.FromSeconds(30), Cancellation);

        Assert.Same(AppState.Asleep, Runner.StateOf(app));
        var message = await socket.ReceiveAsync(new byte[16], Cancellation);
        Assert.Equal(WebSocketCloseStatus.EndpointUnavailable, socket.CloseStatus);
        Assert.Equal(WebSocketMessageType.Close, message.MessageType);
        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, Cancellation);
        await sleeping;
        Assert.Empty(Runner.Statuses);
    }

    [Fact]
    public async Task A_visit_to_an_app_that_is_falling_asleep_wakes_it_anew()
    {
        var app = Hello("hello", "one");
        var first = await WakeAsync(app);
        var sleeping = Runner.SleepAsync(app, TimeSpan.FromSeconds(30), Cancellation);

        var second = await WakeAsync(app);
        await sleeping;

        Assert.NotSame(first, second);
        Assert.Equal(second, Runner.StateOf(app));
        using var client = new HttpClient();
        await client.GetStringAsync(second.Address, Cancellation);
    }

    [Fact]
    public async Task Who_waits_for_an_app_that_is_put_to_sleep_is_told()
    {
        var app = Hello("hello", "one");
        Runner.Wake(app);
        var waiting = Runner.WhenReadyOrFailedAsync(app, Cancellation);

        await Runner.SleepAsync(app, TimeSpan.FromSeconds(30), Cancellation);

        Assert.IsType<AppState.Failed>(await waiting);
        Assert.Same(AppState.Asleep, Runner.StateOf(app));
    }

    [Fact]
    public async Task An_app_that_dies_is_started_again()
    {
        var app = Hello("hello", "one");
        var first = await WakeAsync(app);
        var second = Next(app, state => state is AppState.Awake && !ReferenceEquals(state, first));

        Crash(app);
        await second;

        Assert.Equal(2, StartsOf("one"));
    }

    [Fact]
    public async Task A_doubt_about_an_app_that_is_there_starts_nothing_and_an_old_one_changes_nothing()
    {
        var app = Hello("hello", "one");
        var awake = await WakeAsync(app);

        Runner.ReportUnreachable(app, awake);
        var now = Assert.IsType<AppState.Awake>(await Runner.WhenReadyOrFailedAsync(app, Cancellation));

        Runner.ReportUnreachable(app, new AppState.Awake(now.Address));
        Assert.Same(now, Runner.StateOf(app));
        Assert.Equal((now.Address, 1), (awake.Address, StartsOf("one")));
    }

    [Fact]
    public async Task Each_change_of_state_is_told()
    {
        var app = Hello("hello", "one");
        var seen = new ConcurrentQueue<AppState>();
        Runner.StateChanged += _ => seen.Enqueue(Runner.StateOf(app));

        // The waiting task may complete before the event is raised.
        var raised = Next(app, state => state is AppState.Awake);
        var awake = await WakeAsync(app);
        await raised;
        await Runner.SleepAsync(app, TimeSpan.FromSeconds(30), Cancellation);

        // On a slow machine, the state says what the start waits for.
        Assert.Equal([AppState.Waking, awake, AppState.Asleep],
            seen.Select(state => state is AppState.WakingState ? AppState.Waking : state).Distinct());
    }

    [Fact]
    public async Task A_new_version_takes_over_once_it_is_awake()
    {
        var old = await WakeAsync(Hello("hello", "one"));
        var newer = Hello("hello", "two");
        var taken = Next(newer, state => state is AppState.Awake awake && awake != old);

        Assert.Equal(old, Runner.Wake(newer));
        await taken;

        var now = Assert.IsType<AppState.Awake>(Runner.StateOf(newer));
        Assert.Equal(newer.Hash, Assert.Single(Runner.Statuses).App.Hash);
        using var client = new HttpClient();
        await client.GetStringAsync(now.Address, Cancellation);
    }

    [Fact]
    public async Task A_new_version_that_does_not_start_leaves_the_old_one_and_says_why()
    {
        var old = await WakeAsync(Hello("hello", "one"));
        var failed = new TaskCompletionSource();
        Runner.StateChanged += _ =>
        {
            if (Runner.Statuses.SingleOrDefault()?.LastError is not null) failed.TrySetResult();
        };

        Runner.Wake(Failing("hello", "two"));
        await failed.Task.WaitAsync(Cancellation);

        Assert.Equal(old, Runner.StateOf(Hello("hello", "one")));
        Assert.Equal("no database", Assert.Single(Runner.Statuses).LastOutput);
    }

    [Fact]
    public async Task A_new_version_of_an_app_that_failed_is_asleep_until_it_is_tried_itself()
    {
        var (failing, refused) = (Failing("hello", "one"), Failing("hello", "two"));
        foreach (var broken in (HostedApp[])[failing, refused with { Name = "red" }])
        {
            for (var tries = 0; tries < 3; tries++)
            {
                Runner.Wake(broken);
                Assert.IsType<AppState.Failed>(await Runner.WhenReadyOrFailedAsync(broken, Cancellation));
            }
        }
        Assert.IsType<AppState.Failed>(Runner.StateOf(failing));

        Assert.Same(AppState.Asleep, Runner.StateOf(refused));
        Assert.True(Assert.IsType<AppState.Failed>(Runner.Wake(refused)).Refused);
        Assert.IsType<AppState.Failed>(Runner.StateOf(refused));
        Assert.Same(AppState.Asleep, Runner.StateOf(Hello("hello", "three")));
        Assert.IsType<AppState.Awake>(await WakeAsync(Hello("hello", "three")));
    }

    [Fact]
    public async Task Names_of_one_hash_share_what_runs_until_the_last_one_sleeps()
    {
        var (blue, red) = (Hello("blue", "one"), Hello("red", "one"));
        var awake = await WakeAsync(blue);
        Assert.Equal(awake, await WakeAsync(red));

        await Runner.SleepAsync(blue, TimeSpan.FromSeconds(30), Cancellation);

        Assert.Same(AppState.Asleep, Runner.StateOf(blue));
        using var client = new HttpClient();
        await client.GetStringAsync(Assert.IsType<AppState.Awake>(Runner.StateOf(red)).Address, Cancellation);
        await Runner.SleepAsync(red, TimeSpan.FromSeconds(30), Cancellation);
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetStringAsync(awake.Address, Cancellation));
        Assert.Equal(1, StartsOf("one"));
    }

    private protected async Task<AppState.Awake> WakeAsync(HostedApp app)
    {
        Runner.Wake(app);
        var state = await Runner.WhenReadyOrFailedAsync(app, Cancellation);
        return state as AppState.Awake ?? throw new InvalidOperationException(state.ToString());
    }

    /// <summary>Completes with the next state that meets the condition; called before the action that causes it.</summary>
    private Task Next(HostedApp app, Func<AppState, bool> fits)
    {
        var found = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Runner.StateChanged += _ =>
        {
            if (fits(Runner.StateOf(app))) found.TrySetResult();
        };
        return found.Task.WaitAsync(Cancellation);
    }
}
