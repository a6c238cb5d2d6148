using Codius.Testing;
using Codius.Testing.Stores;
using Codius.Web.Balances;
using Codius.Web.Balances.CreditBatches;
using Codius.Web.Balances.Incoming;
using Codius.Web.Balances.Storage;
using StackExchange.Redis;

namespace Codius.Web.Tests.Balances.CreditBatches;

/// <summary>Credits that share a script with one that fails.</summary>
public sealed class CreditBatcherTests
{
    [Theory]
    [InlineData(0)] // alone, while the others wait
    [InlineData(7)]
    public async Task A_credit_whose_script_fails_stops_no_other(int place)
    {
        var stop = TestContext.Current.CancellationToken;
        await using var server = new RedisServer();
        await server.StartAsync(stop);
        using var store = LedgerStore.OnRedis(server);
        var account = AccountId.OfApp("hello");
        var now = AccountUnderTest.InSeconds(0);
        var broken = new IncomingTerms(Guid.Empty, "creator", null, now, now.AddMinutes(10), "terms");
        await store.Database.HashSetAsync(
            BalanceKeys.IncomingPayments(account)[0], IncomingLedger.IdOf(broken.Id), "not a record");

        var results = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => store.Ledger.CreditAsync(
            AccountUnderTest.Packet(account, 1) with { IncomingPayment = i == place ? broken : null }, stop).AsTask()));

        Assert.Equal(CreditOutcome.Unavailable, results[place].Outcome);
        Assert.Equal(19, results.Count(result => result.Outcome == CreditOutcome.Credited));
        Assert.Equal(19UL, (await store.Ledger.ReadAsync(account, stop))!.Value.Credited);
    }

    [Theory]
    [InlineData("ERR refused, for whatever cause")]
    [InlineData("CROSSSLOT Keys in request don't hash to the same slot")] // a cluster that does not say that it is one
    public async Task When_the_store_refuses_a_shared_script_each_account_is_credited_by_its_own(string error)
    {
        var stop = TestContext.Current.CancellationToken;
        await using var server = new RedisServer();
        await server.StartAsync(stop);
        using var store = LedgerStore.OnRedis(server);
        var scripts = new RefusingScripts(store, error);
        var batcher = new CreditBatcher(scripts, store.IncomingSettings, _ => { }, Supervised.By(TimeProvider.System).Work("credits"));
        var accounts = Enumerable.Range(0, 20).Select(i => AccountId.OfApp($"app-{i}")).ToArray();

        for (var round = 0; round < 3; round++)
        {
            var answers = await Task.WhenAll(accounts.Select(account =>
                batcher.CreditAsync(new CreditRequest(AccountUnderTest.Packet(account, 3), mayMakePayment: false))));
            Assert.All(answers, answer => Assert.Equal("credited", answer!.Outcome));
        }

        foreach (var account in accounts) Assert.Equal(9UL, (await store.Ledger.ReadAsync(account, stop))!.Value.Credited);
        var isCluster = error.StartsWith("CROSSSLOT", StringComparison.Ordinal);
        Assert.Equal((!isCluster, isCluster), (scripts.MayShare, store.Health.IsWorking));
    }

    [Fact]
    public async Task When_the_store_stops_answering_the_rest_of_a_refused_batch_is_not_sent_and_told_so()
    {
        var batch = Enumerable.Range(0, 10)
            .Select(_ => new CreditRequest(AccountUnderTest.Packet(AccountId.OfApp("hello"), 1), mayMakePayment: false)).ToArray();
        // One is refused alone, as it may have been the cause; the store answers the next, and then no more.
        var results = new Queue<ScriptResult>([new(null, WasRefused: true), new([]), default]);
        var sent = new List<CreditRequest>();

        var answered = await CreditScripts.SendEachAsync(batch, one =>
        {
            sent.AddRange(one);
            return Task.FromResult(results.Dequeue());
        });

        Assert.False(answered);
        Assert.Equal(batch[..3], sent);
        foreach (var request in batch[3..]) Assert.Null(await request.Answer);
        Assert.All(sent, request => Assert.False(request.Answer.IsCompleted));
    }

    private sealed class RefusingScripts(LedgerStore store, string error) : LedgerScripts(store.Store, store.Health)
    {
        protected override Task<RedisResult> EvaluateAsync(
            IDatabase database, LedgerScript script, RedisKey[] keys, RedisValue[] arguments) => script == LedgerScript.Credits
                ? database.ScriptEvaluateAsync("return redis.error_reply(ARGV[1])", [], [error])
                : base.EvaluateAsync(database, script, keys, arguments);
    }
}
