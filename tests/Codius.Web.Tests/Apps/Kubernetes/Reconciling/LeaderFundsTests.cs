using System.Collections.Concurrent;
using Codius.Testing;
using Codius.Testing.Stores;
using Codius.Web.Apps.Kubernetes.Leading;
using Codius.Web.Apps.Kubernetes.Reconciling;
using Codius.Web.Balances;

namespace Codius.Web.Tests.Apps.Kubernetes.Reconciling;

/// <summary>Of several gateways, only the leader gets the changes of all accounts.</summary>
public sealed class LeaderFundsTests : IAsyncLifetime
{
    private readonly RedisServer _server = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => new(_server.StartAsync(Stop));

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Only_the_gateway_that_leads_is_subscribed_and_only_while_it_leads()
    {
        using var one = LedgerStore.OnRedis(_server);
        using var two = LedgerStore.OnRedis(_server);
        var (first, second) = (new Leadership(), new Leadership());
        var (ofFirst, ofSecond) = (new ConcurrentDictionary<AccountId, bool>(), new ConcurrentDictionary<AccountId, bool>());
        var account = AccountId.OfApp("hello");
        first.Become(true);
        using (new LeaderFunds(first, one.Changes(), changed => ofFirst[changed] = true))
        using (new LeaderFunds(second, two.Changes(), changed => ofSecond[changed] = true))
        {
            await HaveAsync(one, 1);
            one.Hints.Changed(account);
            await Eventually.TrueAsync("the leader hears of it", () => ofFirst.ContainsKey(account));
            Assert.Equal(1, await PatternsAsync(one));

            first.Become(false);
            await HaveAsync(one, 0);

            second.Become(true);
            second.Become(true);
            await HaveAsync(one, 1);
            var other = AccountId.OfApp("other");
            one.Hints.Changed(other);
            await Eventually.TrueAsync("the new leader hears of it", () => ofSecond.ContainsKey(other));
            Assert.DoesNotContain(other, ofFirst.Keys);
        }
        await HaveAsync(one, 0);
        second.Become(true);
        Assert.Equal(0, await PatternsAsync(one));
    }

    private static Task<bool> HaveAsync(LedgerStore store, long expected) =>
        Eventually.TrueAsync<bool>($"{expected} gateways listen", async () => await PatternsAsync(store) == expected ? true : null);

    // The clients: PUBSUB NUMPAT counts a pattern once, however many have it.
    private static async Task<long> PatternsAsync(LedgerStore store) =>
        ((string)(await store.Database.ExecuteAsync("CLIENT", "LIST"))!).Split('\n').Count(client => client.Contains(" psub=1 "));

    private sealed class Leadership : ILeadership
    {
        public event Action? Changed;

        public bool IsLeader { get; private set; }

        public void Become(bool leads)
        {
            IsLeader = leads;
            Changed?.Invoke();
        }
    }
}
