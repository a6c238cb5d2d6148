using System.Collections.Concurrent;
using Codius.Testing.Stores;
using Codius.Web.Balances;
using StackExchange.Redis;

namespace Codius.Web.Tests.Balances.Storage;

/// <summary>The embedded store is killed (SIGKILL) just after an answer: what it answered is there when it is started again.</summary>
public sealed class AnsweredWritesTests
{
    private const int Rounds = 6;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_write_that_was_answered_survives_the_kill_of_the_moment_after()
    {
        await using var server = new GarnetProcess();
        var credited = new Dictionary<AccountId, ulong>();
        var keys = new ConcurrentBag<string>();
        for (var round = 0; round < Rounds; round++)
        {
            await server.StartAsync(Stop);
            using var store = LedgerStore.OnRedis(server);
            await AreThereAsync(store, credited, keys);
            var account = new AccountUnderTest(store).Id;
            // Alone, so that nothing but its own commit brings it to the file.
            await WriteAsync(store, account, keys, writers: 1, answers: 1 + round);
            var (answered, _) = await WriteAsync(store, account, keys, writers: 1 + round % 4 * 3, answers: 40 + 7 * round, server);
            credited[account] = answered + (ulong)(1 + round);
        }
        await server.StartAsync(Stop);
        using var last = LedgerStore.OnRedis(server);
        await AreThereAsync(last, credited, keys);
    }

    /// <summary>Credits, plain writes and transactions, until so many were answered; then the server is killed, if one is named.</summary>
    private static async Task<(ulong Credited, int Keys)> WriteAsync(
        LedgerStore store, AccountId account, ConcurrentBag<string> keys, int writers, int answers, GarnetProcess? killed = null)
    {
        var (credited, left) = (0UL, answers);
        var before = keys.Count;
        var end = AccountUnderTest.InSeconds(600);
        var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var writing = Enumerable.Range(0, writers).Select(async writer =>
        {
            for (var i = 0; !enough.Task.IsCompleted; i++)
            {
                var key = $"{account} {writer} {i} {Guid.NewGuid()}";
                try
                {
                    if (killed is null || i % 3 == 0)
                    {
                        var packet = AccountUnderTest.Packet(account, 1) with { ExpiresAt = end, Deadline = end };
                        if ((await store.Ledger.CreditAsync(packet, Stop)).Outcome != CreditOutcome.Credited) return;
                        Interlocked.Increment(ref credited);
                    }
                    else if (i % 3 == 1)
                    {
                        await store.Database.StringSetAsync(key, "value");
                        keys.Add(key);
                    }
                    else
                    {
                        var transaction = store.Database.CreateTransaction();
                        _ = transaction.StringSetAsync(key, "value");
                        if (await transaction.ExecuteAsync()) keys.Add(key);
                    }
                }
                catch (Exception lost) when (lost is RedisException or TimeoutException)
                {
                    return;
                }
                if (Interlocked.Decrement(ref left) == 0) enough.TrySetResult();
            }
        }).ToArray();
        await enough.Task.WaitAsync(Stop);
        if (killed is not null) await killed.KillAsync();
        await Task.WhenAll(writing);
        return (credited, keys.Count - before);
    }

    private static async Task AreThereAsync(LedgerStore store, Dictionary<AccountId, ulong> credited, ConcurrentBag<string> keys)
    {
        foreach (var (account, units) in credited)
            Assert.InRange((await store.Ledger.ReadAsync(account, Stop))!.Value.Credited, units, ulong.MaxValue);
        foreach (var key in keys) Assert.Equal("value", await store.Database.StringGetAsync(key));
    }
}
