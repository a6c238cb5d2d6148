using Codius.Web.Balances;

namespace Codius.Web.Tests.Balances.CreditBatches;

/// <summary>Accounts that are credited in one script with an account that cannot be read, on every kind of store.</summary>
public abstract class BrokenAccountContract(StoreFixture fixture)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(9)] // with others of its own account
    public async Task A_credit_that_fails_stops_no_credit_of_the_accounts_that_share_its_script(int ofEach)
    {
        var accounts = Enumerable.Range(0, 20).Select(_ => new AccountUnderTest(fixture.Store)).ToArray();
        var broken = accounts[7].Id;
        await fixture.Store.Database.StringSetAsync(BalanceKeys.Account(broken), "not an account");

        var results = await Task.WhenAll(accounts.SelectMany(account => Enumerable.Range(0, ofEach).Select(async _ =>
            (account.Id, Result: await fixture.Store.Ledger.CreditAsync(AccountUnderTest.Packet(account.Id, 3), Stop)))));

        Assert.All(results, each => Assert.Equal(
            each.Id == broken ? CreditOutcome.Unavailable : CreditOutcome.Credited, each.Result.Outcome));
        foreach (var account in accounts.Where(account => account.Id != broken))
            Assert.Equal(3UL * (ulong)ofEach, (await account.BalanceAsync())!.Value.Credited);
    }
}

/// <summary>On a real Redis.</summary>
public sealed class RedisBrokenAccountTests(RedisFixture fixture) : BrokenAccountContract(fixture), IClassFixture<RedisFixture>;

/// <summary>On Garnet inside the process.</summary>
public sealed class GarnetBrokenAccountTests(GarnetFixture fixture) : BrokenAccountContract(fixture), IClassFixture<GarnetFixture>;
