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
            store.Hints.Spent(account);
            time.Advance(TimeSpan.FromSeconds(0.5));
        }
        store.Hints.Spent(account);
        time.Advance(TimeSpan.FromSeconds(1));
        store.Hints.Spent(account);
        store.Hints.Changed(account);
        store.Hints.Changed(last);

        await Eventually.TrueAsync("all that was published has come", () => published.Contains(last));
        Assert.Equal([account, account, account, last], published);
    }

    [Fact]
    public void A_watcher_in_the_same_gateway_hears_of_each_change()
    {
        using var store = LedgerStore.OnRedis(_server, new FakeTimeProvider());
        var account = AccountId.OfApp("watched");
        var heard = 0;
        using var listening = store.Hints.Listen(account, () => Interlocked.Increment(ref heard));
        for (var change = 0; change < 5; change++) store.Hints.Spent(account);

        Assert.InRange(heard, 5, 6); // the store may have given back the published one already
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
