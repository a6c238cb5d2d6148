using System.Collections.Concurrent;
using Codius.Testing;
using Codius.Testing.Stores;
using Codius.Web.Balances;
using Microsoft.Extensions.Time.Testing;

namespace Codius.Web.Tests.Balances.Changes;

/// <summary>What is published of changes that come one after the other.</summary>
public sealed class BalanceHintsTests : IAsyncLifetime
{
    private readonly RedisServer _server = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => new(_server.StartAsync(Stop));

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task What_visits_spend_is_published_every_four_seconds_and_a_payment_in_between_at_once()
    {
        var time = new FakeTimeProvider();
        using var store = LedgerStore.OnRedis(_server, time);
        var (account, last) = (AccountId.OfApp("busy"), AccountId.OfApp("last"));
        var published = await ListenInOrderAsync(store);
        for (var half = 0; half < 8; half++)
        {
            store.Hints.Spent(account, 1, 0);
            time.Advance(TimeSpan.FromSeconds(0.5));
        }
        store.Hints.Spent(account, 1, 0);
        time.Advance(TimeSpan.FromSeconds(1));
        store.Hints.Spent(account, 1, 0);
        store.Hints.Changed(account);
        store.Hints.Changed(last);

        await Eventually.TrueAsync("all that was published has come", () => published.Contains(last));
        Assert.Equal([account, account, account, last], published);
    }

    [Fact]
    public async Task Who_listens_in_the_same_gateway_hears_each_change_once_and_what_visits_left()
    {
        using var here = LedgerStore.OnRedis(_server, new FakeTimeProvider());
        using var there = LedgerStore.OnRedis(_server);
        var account = AccountId.OfApp("watched");
        var (changes, told) = (0, new ConcurrentQueue<ulong>());
        using var listening = here.Hints.Listen(account, () => Interlocked.Increment(ref changes), (funds, _) => told.Enqueue(funds));
        var published = await ListenInOrderAsync(here);
        for (ulong left = 5; left > 0; left--) here.Hints.Spent(account, left, 0);
        here.Hints.Changed(account);
        here.Hints.Changed(account);
        await Eventually.TrueAsync("the store has given back what was published", () => !published.IsEmpty);
        Assert.Equal(new ulong[] { 5, 4, 3, 2, 1 }, told.ToArray());
        Assert.Equal(2, changes);

        there.Hints.Spent(account, 9, 0);
        await Eventually.TrueAsync("another gateway's is heard", () => changes == 3);
        Assert.Equal(5, told.Count);
    }

    [Fact]
    public async Task Each_step_of_a_lease_is_spending()
    {
        var time = new FakeTimeProvider();
        using var store = LedgerStore.OnRedis(_server, time);
        var account = new AccountUnderTest(store);
        await account.PayAsync(100);
        var published = await ListenInOrderAsync(store);
        for (ulong step = 1; step <= 5; step++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await account.LeaseAsync("gateway", (long)step, used: step - 1, wanted: 1);
        }
        var last = AccountId.OfApp("last");
        store.Hints.Changed(last);

        await Eventually.TrueAsync("all that was published has come", () => published.Contains(last));
        Assert.Equal([account.Id, last], published);
    }

    /// <summary>What is published, in order: handlers of the store's client may run beside each other.</summary>
    private static async Task<ConcurrentQueue<AccountId>> ListenInOrderAsync(LedgerStore store)
    {
        var published = new ConcurrentQueue<AccountId>();
        var messages = await store.Database.Multiplexer.GetSubscriber().SubscribeAsync(BalanceKeys.AllChanges);
        messages.OnMessage(message =>
        {
            if (BalanceKeys.TryReadAccount(message.Channel, out var account)) published.Enqueue(account);
        });
        return published;
    }
}
