using System.Collections.Concurrent;
using Codius.Testing;
using Codius.Testing.Stores;
using Codius.Web.Balances;
using Codius.Web.Balances.Leases;
using Codius.Web.Tests.Balances.Leases;
using StackExchange.Redis;

namespace Codius.Web.Tests.Balances.Storage;

/// <summary>Runs alone: a node without a processor for the cluster's time-out would be replaced though it lives.</summary>
[CollectionDefinition(nameof(FailOverTests), DisableParallelization = true)]
public sealed class FailOverSuite;

/// <summary>
/// A master of a Redis Cluster is killed and its replica replaces it. Each case says what it counted (<c>-showLiveOutput</c>).
/// </summary>
[Collection(nameof(FailOverTests))]
public sealed class FailOverTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const ulong Price = 3;
    private const ulong Funds = 1_000_000_000;
    private static readonly TimeSpan BetweenVisits = TimeSpan.FromMilliseconds(2);

    // A replica that was restarted alone has never talked to its master: it may replace it all the same.
    private readonly RedisCluster _cluster = new(TimeSpan.FromSeconds(2), "--cluster-replica-validity-factor", "0");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => new(_cluster.StartAsync(Stop));

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task What_the_replica_did_not_have_is_lost_unless_credits_wait_for_it(int replicas)
    {
        using var store = Gateway(replicas);
        var account = new AccountUnderTest(store);
        var (master, replica) = await NodesOfAsync(store, account.Id);
        Assert.Equal(CreditOutcome.Credited, (await CreditAsync(store, NewPacket(account))).Outcome);
        await Eventually.TrueAsync("the replica has it", async () => await HasAllAsync(store, account) ? true : (bool?)null);

        await replica.KillAsync();
        var packet = NewPacket(account);
        var answered = await store.Ledger.CreditAsync(packet, Stop);
        await master.KillAsync();
        await replica.StartAsync(Stop);
        await AnswersAsync(store, account);

        Assert.Equal(replicas == 0 ? CreditOutcome.Credited : CreditOutcome.Unavailable, answered.Outcome);
        Assert.Equal(100UL, (await account.BalanceAsync())!.Value.Credited); // without replicas: less than was acknowledged
        // No payer relies on it, so that it comes again; the fail-over may have changed more than once.
        using var again = Gateway(0);
        Assert.Equal(new CreditResult(CreditOutcome.Credited, 100, 200), await CreditAsync(again, packet));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Payments_and_visits_go_on_after_a_master_is_killed_and_every_unit_is_accounted_for(int replicas)
    {
        using var store = Gateway(replicas);
        var account = new AccountUnderTest(store);
        var (master, _) = await NodesOfAsync(store, account.Id);
        await CreditAsync(store, NewPacket(account) with { Amount = Funds });
        var acknowledged = Funds;
        ulong committed = 0;
        var time = TimeProvider.System;
        var answers = new ConcurrentQueue<long>();
        using var end = new CancellationTokenSource();
        await using (var gateway = await LeasingGateway.StartAsync(store, new LeaseOptions(), long.MaxValue))
        {
            var payers = Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
            {
                while (!end.IsCancellationRequested)
                {
                    await CreditAsync(store, NewPacket(account));
                    Interlocked.Add(ref acknowledged, 100);
                    answers.Enqueue(time.GetTimestamp());
                }
            }, Stop)).ToArray();
            var visitors = Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
            {
                using var visits = new PeriodicTimer(BetweenVisits, time);
                while (!end.IsCancellationRequested && await visits.WaitForNextTickAsync(Stop))
                {
                    await Eventually.TrueAsync("a visit is served", async () =>
                    {
                        var reservation = await gateway.ReserveAsync(account, Price);
                        Assert.NotEqual(ReserveOutcome.NotEnough, reservation.Outcome);
                        if (reservation.Outcome != ReserveOutcome.Reserved) return (bool?)null;
                        reservation.Commit();
                        return true;
                    });
                    Interlocked.Add(ref committed, Price);
                }
            }, Stop)).ToArray();

            await Eventually.TrueAsync("there is load", () => answers.Count > 200);
            await master.KillAsync();
            var killed = time.GetTimestamp();
            await AnswersAsync(store, account);
            await master.StartAsync(Stop); // as the replica of its successor, which had none: until then no credit has one
            await Eventually.TrueAsync("credits go on",
                () => answers.Count(at => time.GetElapsedTime(killed, at) > TimeSpan.FromSeconds(1)) > 200);
            await end.CancelAsync();
            await Task.WhenAll([.. payers, .. visitors]);
            var silence = answers.Order().Zip(answers.Order().Skip(1), time.GetElapsedTime).Max();
            output.WriteLine($"Credits that wait for {replicas} replicas: {silence.TotalSeconds:0.0} s without an answer");
        }
        var balance = Assert.NotNull(await account.BalanceAsync()); // checks credited = balance + spent + leased
        var lost = acknowledged > balance.Credited ? acknowledged - balance.Credited : 0;
        output.WriteLine($"acknowledged: {(acknowledged - Funds) / 100} credits, lost: {lost / 100}; visits: {committed / Price}, "
            + $"not charged: {(committed - balance.Spent) / Price}");
        if (replicas > 0) Assert.Equal(acknowledged, balance.Credited);
        Assert.True(balance.Spent <= committed, $"{balance.Spent} charged of {committed}");
    }

    private LedgerStore Gateway(int replicas) => LedgerStore.OnRedis(new RedisOptions
    {
        ConnectionString = _cluster.ConnectionString,
        CreditReplicas = replicas,
        Timeout = TimeSpan.FromSeconds(2),
    });

    private static PacketCredit NewPacket(AccountUnderTest account)
    {
        var end = AccountUnderTest.InSeconds(290);
        return AccountUnderTest.Packet(account.Id, 100) with { ExpiresAt = end, Deadline = end };
    }

    /// <summary>As the receiver does: an unknown outcome is asked again with the same identity.</summary>
    private static Task<CreditResult> CreditAsync(LedgerStore store, PacketCredit packet) =>
        Eventually.TrueAsync("the credit is answered", async () =>
        {
            Stop.ThrowIfCancellationRequested();
            var result = await store.Ledger.CreditAsync(packet, Stop);
            return result.Outcome == CreditOutcome.Unavailable ? null : (CreditResult?)result;
        });

    private async Task<(RedisServer Master, RedisServer Replica)> NodesOfAsync(LedgerStore store, AccountId account)
    {
        var master = store.Store.CreditNode(BalanceKeys.Account(account));
        var replica = (await master.ClusterNodesAsync())![master.EndPoint]!.Children.Single().EndPoint!;
        return (_cluster.At(master.EndPoint), _cluster.At(replica));
    }

    private static async Task<bool> HasAllAsync(LedgerStore store, AccountUnderTest account)
    {
        var key = BalanceKeys.Account(account.Id);
        var node = store.Store.CreditNode(key);
        await node.ExecuteAsync("SET", [BalanceKeys.WrittenBeside(key), 1, "PX", 1000], CommandFlags.NoRedirect);
        return (int)await node.ExecuteAsync("WAIT", 1, 1000) == 1;
    }

    private static Task<bool> AnswersAsync(LedgerStore store, AccountUnderTest account) =>
        Eventually.TrueAsync("the replica has replaced its master", async () =>
        {
            try
            {
                await store.Ledger.ReadAsync(account.Id, Stop);
                return true;
            }
            catch (LedgerUnavailableException)
            {
                return (bool?)null;
            }
        });
}
