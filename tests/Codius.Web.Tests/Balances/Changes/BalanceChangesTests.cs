using System.Collections.Concurrent;
using Codius.Testing;
using Codius.Testing.Stores;
using Codius.Web.Balances;

namespace Codius.Web.Tests.Balances.Changes;

/// <summary>Every watcher of every gateway is notified of changes.</summary>
public sealed class BalanceChangesTests : IAsyncLifetime
{
    private readonly RedisServer _server = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => new(_server.StartAsync(Stop));

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_watcher_sees_the_balance_at_once_and_each_change_in_whatever_gateway()
    {
        using var here = new Both(LedgerStore.OnRedis(_server));
        using var there = new Both(LedgerStore.OnRedis(_server));
        var account = new AccountUnderTest(here.Store);
        await using var watching = here.Changes.WatchAsync(account.Id, Stop).GetAsyncEnumerator(Stop);
        await using var elsewhere = there.Changes.WatchAsync(account.Id, Stop).GetAsyncEnumerator(Stop);
        Assert.Equal(0UL, await NextAsync(watching));
        Assert.Equal(0UL, await NextAsync(elsewhere));
        await account.PayAsync(100);
        Assert.Equal(100UL, await NextAsync(watching));
        Assert.Equal(100UL, await NextAsync(elsewhere));
        await account.SpendAsync(30);
        Assert.Equal(70UL, await NextAsync(watching));
        Assert.Equal(70UL, await NextAsync(elsewhere));
    }

    [Fact]
    public async Task Watching_ends_quietly_when_cancelled()
    {
        using var here = new Both(LedgerStore.OnRedis(_server));
        using var left = new CancellationTokenSource();
        await using var watching = here.Changes.WatchAsync(new AccountUnderTest(here.Store).Id, left.Token).GetAsyncEnumerator(Stop);
        await NextAsync(watching);
        await left.CancelAsync();
        Assert.False(await watching.MoveNextAsync());
    }

    [Fact]
    public async Task A_hundred_watchers_of_an_account_share_one_reader_and_leave_nothing_behind()
    {
        using var here = new Both(LedgerStore.OnRedis(_server));
        var account = new AccountUnderTest(here.Store);
        using (var left = new CancellationTokenSource())
        {
            var watchers = Enumerable.Range(0, 100)
                .Select(_ => here.Changes.WatchAsync(account.Id, left.Token).GetAsyncEnumerator(Stop)).ToArray();
            foreach (var watcher in watchers) Assert.Equal(0UL, await NextAsync(watcher));
            Assert.Equal(1, await SubscribersAsync(here.Store, account));
            await account.PayAsync(5);
            foreach (var watcher in watchers) Assert.Equal(5UL, await NextAsync(watcher));
            await left.CancelAsync();
            foreach (var watcher in watchers) await watcher.DisposeAsync();
        }
        await AccountUnderTest.UntilAsync(async () => await SubscribersAsync(here.Store, account) == 0, () => "the subscription to end");
    }

    [Fact]
    public async Task Who_listens_to_all_hears_of_any_account_in_whatever_gateway_until_it_stops()
    {
        using var here = new Both(LedgerStore.OnRedis(_server));
        using var there = new Both(LedgerStore.OnRedis(_server));
        var (mine, theirs) = (new AccountUnderTest(here.Store), new AccountUnderTest(there.Store));
        var heard = new ConcurrentDictionary<AccountId, bool>();
        using (here.Changes.Listen(account => heard[account] = true))
        {
            await AccountUnderTest.UntilAsync(async () => await PatternsAsync(here.Store) == 1, () => "the subscription");
            await mine.PayAsync(100);
            await theirs.PayAsync(100);
            await Eventually.TrueAsync("there is word of both", () => heard.ContainsKey(mine.Id) && heard.ContainsKey(theirs.Id));
        }
        await AccountUnderTest.UntilAsync(async () => await PatternsAsync(here.Store) == 0, () => "the subscription to end");
    }

    private static async Task<long> PatternsAsync(LedgerStore store) => (long)await store.Database.ExecuteAsync("PUBSUB", "NUMPAT");

    private static async Task<long> SubscribersAsync(LedgerStore store, AccountUnderTest account)
    {
        var answer =
            (StackExchange.Redis.RedisResult[])(await store.Database.ExecuteAsync("PUBSUB", "NUMSUB", BalanceKeys.Changes(account.Id)))!;
        return (long)answer[1];
    }

    private static async Task<ulong> NextAsync(IAsyncEnumerator<ulong> watching)
    {
        Assert.True(await watching.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30), Stop));
        return watching.Current;
    }

    private sealed record Both(LedgerStore Store) : IDisposable
    {
        public IBalanceChanges Changes { get; } = Store.Changes();

        public void Dispose() => Store.Dispose();
    }
}
