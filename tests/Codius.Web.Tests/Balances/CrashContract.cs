using System.Collections.Concurrent;
using Codius.Testing.Stores;
using Codius.Web.Balances;
using Codius.Web.Balances.Incoming;
using Codius.Web.Balances.Leases;
using Codius.Web.Balances.Storage;
using Codius.Web.Tests.Balances.Leases;
using StackExchange.Redis;

namespace Codius.Web.Tests.Balances;

/// <summary>A store that is killed (SIGKILL) in the middle of payments and visits, and started again.</summary>
public abstract class CrashContract
{
    private const ulong Price = 3;
    private const int Payers = 16;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private protected abstract IStoreProcess NewServer();

    /// <summary>True if the store may recover the first half of the script that was running: the money, and not the mark.</summary>
    private protected abstract bool RecoversHalfScripts { get; }

    [Fact]
    public async Task Nothing_that_was_acknowledged_is_lost_and_no_visit_is_charged_twice()
    {
        await using var server = NewServer();
        await server.StartAsync(Stop);
        using var store = LedgerStore.OnRedis(server);
        var account = new AccountUnderTest(store);
        await account.PayAsync(1000);
        ulong acknowledged = 1000;
        ulong committed = 0;
        await using (var gateway = await LeasingGateway.StartAsync(
            store, new LeaseOptions { Lifetime = TimeSpan.FromMinutes(10), SettleEvery = TimeSpan.FromMilliseconds(100) }, long.MaxValue))
        {
            var unknown = new ConcurrentBag<PacketCredit>();
            var (enough, killed) = (new TaskCompletionSource(), new CancellationTokenSource());
            var payers = Enumerable.Range(0, Payers).Select(_ => Task.Run(async () =>
            {
                while (!killed.IsCancellationRequested)
                {
                    var end = AccountUnderTest.InSeconds(600);
                    var packet = AccountUnderTest.Packet(account.Id, 10) with { ExpiresAt = end, Deadline = end };
                    var result = await store.Ledger.CreditAsync(packet, Stop);
                    if (result.Outcome == CreditOutcome.Unavailable) unknown.Add(packet);
                    else if (Interlocked.Add(ref acknowledged, 10) > 3000) enough.TrySetResult();
                }
            }, Stop)).ToArray();
            var visitors = Enumerable.Range(0, 16).Select(_ => Task.Run(async () =>
            {
                while (!killed.IsCancellationRequested)
                {
                    var reservation = await gateway.ReserveAsync(account, Price);
                    if (reservation.Outcome != ReserveOutcome.Reserved) continue;
                    reservation.Commit();
                    Interlocked.Add(ref committed, Price);
                }
            }, Stop)).ToArray();

            await enough.Task.WaitAsync(Stop);
            await server.KillAsync();
            await killed.CancelAsync();
            await Task.WhenAll([.. payers, .. visitors]);
            await server.StartAsync(Stop);
            await AccountUnderTest.UntilAsync(() => AnswersAsync(store));

            // What was acknowledged is there; a call whose answer was lost is repeated with the same identity and counts once.
            foreach (var packet in unknown)
            {
                var result = new CreditResult(CreditOutcome.Unavailable);
                while (result.Outcome == CreditOutcome.Unavailable) result = await store.Ledger.CreditAsync(packet, Stop);
                Assert.True(result.Outcome is CreditOutcome.Credited or CreditOutcome.AlreadyCounted);
                acknowledged += 10;
            }
        }
        var balance = Assert.NotNull(await account.BalanceAsync());
        // Packets whose marks were lost are counted again: at the host's cost, those of one script at most.
        var host = balance.Credited - acknowledged;
        Assert.True(host % 10 == 0 && host <= (RecoversHalfScripts ? Payers * 10UL : 0), $"{host} units at the host's cost");
        Assert.Equal(new Balance(acknowledged + host, acknowledged + host - committed, committed, 0), balance);
    }

    [Fact]
    public async Task A_store_killed_inside_a_script_keeps_the_rule()
    {
        await using var server = NewServer();
        await server.StartAsync(Stop);
        var account = new AccountUnderTest(null!);
        using (var store = LedgerStore.OnRedis(server))
        {
            account = new AccountUnderTest(store);
            await account.PayAsync(1000);
            await account.LeaseAsync("gateway", 1, wanted: 100);
            var inside = new TaskCompletionSource();
            await store.Database.Multiplexer.GetSubscriber()
                .SubscribeAsync(RedisChannel.Literal("inside"), (_, _) => inside.TrySetResult());
            // Money has moved, the mark has not been written, and the script runs on without end.
            var script = LedgerScript.Read("amounts") + LedgerScript.Read("books") + LedgerScript.Read("account") + """
                readAccount()
                credited, balance = add(credited, '500'), add(balance, '500')
                count('stream', '500')
                save()
                redis.call('PUBLISH', 'inside', '')
                for i = 1, 1e12 do end
                redis.call('SET', KEYS[2], 'counted')
                """;
            var running =
                store.Database.ScriptEvaluateAsync(script,
                [
                    BalanceKeys.Account(account.Id), BalanceKeys.Packet(account.Id, new byte[32]),
                    .. BalanceKeys.Books(BalanceKeys.Account(account.Id)),
                ]);
            await InsideAsync(inside.Task, running);
            await server.KillAsync();
            await Assert.ThrowsAnyAsync<RedisException>(() => running);
        }
        await server.StartAsync(Stop);
        using var again = LedgerStore.OnRedis(server);
        var fields = (await again.Database.HashGetAsync(BalanceKeys.Account(account.Id), ["credited", "balance", "spent", "leased"]))
            .Select(value => (long)value).ToArray();
        Assert.Equal(fields[0], fields[1] + fields[2] + fields[3]);
        Assert.True(fields is [1000 or 1500, _, 0, 100]);
    }

    [Fact]
    public async Task A_store_killed_between_the_money_and_the_total_of_a_wallets_payment_credits_it_once()
    {
        await using var server = NewServer();
        await server.StartAsync(Stop);
        var account = AccountId.OfApp("hello");
        var ends = AccountUnderTest.InSeconds(3600);
        var payment = new IncomingTerms(Guid.NewGuid(), "creator", null, ends, ends, "terms");
        using (var store = LedgerStore.OnRedis(server))
        {
            var inside = new TaskCompletionSource();
            await store.Database.Multiplexer.GetSubscriber()
                .SubscribeAsync(RedisChannel.Literal("inside"), (_, _) => inside.TrySetResult());
            const string Money = "save('wallet', id .. ',' .. total .. ',' .. untilMs)";
            Assert.Contains(Money, LedgerScript.CreditWallet.Text, StringComparison.Ordinal);
            var script = LedgerScript.CreditWallet.Text.Replace(
                Money, Money + "\nredis.call('PUBLISH', 'inside', '')\nfor i = 1, 1e12 do end", StringComparison.Ordinal);
            var running = store.Database.ScriptEvaluateAsync(script,
                [
                    BalanceKeys.Account(account), .. BalanceKeys.WalletTotals(account), .. BalanceKeys.IncomingPayments(account),
                    .. BalanceKeys.Books(BalanceKeys.Account(account)),
                ],
                [
                    IncomingLedger.IdOf(payment.Id), "500", false, ends.ToUnixTimeMilliseconds(), 86_400_000,
                    IncomingLedger.MemberOf(payment), "", ends.ToUnixTimeMilliseconds(), payment.Terms, 1_000, 86_400_000, "0",
                ]);
            await InsideAsync(inside.Task, running);
            await server.KillAsync();
            await Assert.ThrowsAnyAsync<RedisException>(() => running);
        }
        await server.StartAsync(Stop);
        using var again = LedgerStore.OnRedis(server);

        var result = await again.Ledger.CreditAsync(new WalletCredit(account, payment, 500, false, ends), Stop);

        Assert.Equal(RecoversHalfScripts ? CreditOutcome.AlreadyCounted : CreditOutcome.Credited, result.Outcome);
        Assert.Equal(500UL, (await again.Ledger.ReadAsync(account, Stop))!.Value.Credited);
        Assert.Equal(500UL, (await again.Incoming.FindAsync(account, payment.Id))!.Received);
    }

    // A script that fails never comes there.
    private static async Task InsideAsync(Task inside, Task running) => await await Task.WhenAny(inside, running).WaitAsync(Stop);

    private static async Task<bool> AnswersAsync(LedgerStore store)
    {
        try
        {
            await store.Database.PingAsync();
            return true;
        }
        catch (RedisException)
        {
            return false;
        }
    }
}

/// <summary>A real redis-server, killed.</summary>
public sealed class RedisCrashTests : CrashContract
{
    private protected override IStoreProcess NewServer() => new RedisServer();

    private protected override bool RecoversHalfScripts => false;
}

/// <summary>Garnet, killed with its process.</summary>
public sealed class GarnetCrashTests : CrashContract
{
    private protected override IStoreProcess NewServer() => new GarnetProcess();

    private protected override bool RecoversHalfScripts => true;
}
