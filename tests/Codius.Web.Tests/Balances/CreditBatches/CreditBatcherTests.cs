using Codius.Testing.Stores;
using Codius.Web.Balances;
using Codius.Web.Balances.Incoming;

namespace Codius.Web.Tests.Balances.CreditBatches;

/// <summary>Credits that share a script with one that fails.</summary>
public sealed class CreditBatcherTests
{
    [Fact]
    public async Task A_credit_whose_script_fails_stops_no_other()
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
            AccountUnderTest.Packet(account, 1) with { IncomingPayment = i == 7 ? broken : null }, stop).AsTask()));

        Assert.Equal(CreditOutcome.Unavailable, results[7].Outcome);
        Assert.Equal(19, results.Count(result => result.Outcome == CreditOutcome.Credited));
        Assert.Equal(19UL, (await store.Ledger.ReadAsync(account, stop))!.Value.Credited);
    }
}
