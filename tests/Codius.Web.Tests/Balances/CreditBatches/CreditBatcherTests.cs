using Codius.Testing.Stores;
using Codius.Web.Balances;
using Codius.Web.Balances.CreditBatches;
using Codius.Web.Balances.Incoming;
using Codius.Web.Balances.Storage;

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
    [InlineData(1)]
    [InlineData(9)] // with others of its own account
    public async Task A_credit_that_fails_stops_no_credit_of_the_accounts_that_share_its_script(int ofEach)
    {
        var stop = TestContext.Current.CancellationToken;
        await using var server = new RedisServer();
        await server.StartAsync(stop);
        using var store = LedgerStore.OnRedis(server);
        var accounts = Enumerable.Range(0, 20).Select(i => AccountId.OfApp($"app-{i}")).ToArray();
        await store.Database.StringSetAsync(BalanceKeys.Account(accounts[7]), "not an account");

        var results = await Task.WhenAll(accounts.SelectMany(account => Enumerable.Range(0, ofEach).Select(async _ =>
            (account, result: await store.Ledger.CreditAsync(AccountUnderTest.Packet(account, 3), stop)))));

        Assert.All(results, each => Assert.Equal(
            each.account == accounts[7] ? CreditOutcome.Unavailable : CreditOutcome.Credited, each.result.Outcome));
        foreach (var account in accounts.Where(account => account != accounts[7]))
            Assert.Equal(3UL * (ulong)ofEach, (await store.Ledger.ReadAsync(account, stop))!.Value.Credited);
        Assert.Contains("WRONGTYPE", store.Health.LastError);
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
}
