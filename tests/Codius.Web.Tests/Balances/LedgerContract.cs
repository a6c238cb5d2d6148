using Codius.Web.Balances;

namespace Codius.Web.Tests.Balances;

/// <summary>What a ledger promises, on every store it may stand on.</summary>
public abstract class LedgerContract(StoreFixture fixture)
{
    private AccountUnderTest NewAccount() => new(fixture.Store);

    [Fact]
    public async Task A_packet_is_counted_once_however_often_it_is_asked()
    {
        var account = NewAccount();
        var packet = AccountUnderTest.Packet(account.Id, 500);
        Assert.Equal(new CreditResult(CreditOutcome.Credited, 500, 500), await account.CreditAsync(packet));
        Assert.Equal(new CreditResult(CreditOutcome.AlreadyCounted, 0, 500), await account.CreditAsync(packet));
        Assert.Equal(new Balance(500, 500, 0, 0), await account.BalanceAsync());
    }

    [Fact]
    public async Task Money_is_leased_settled_and_returned()
    {
        var account = NewAccount();
        await account.PayAsync(100);
        Assert.Equal(new LeaseResult(LeaseOutcome.Granted, 60, 100), await account.LeaseAsync("gateway", 1, wanted: 60));
        Assert.Equal(new Balance(100, 40, 0, 60), await account.BalanceAsync());
        Assert.Equal(new LeaseResult(LeaseOutcome.Granted, 35, 75), await account.LeaseAsync("gateway", 2, used: 25, kept: 10, @return: true));
        Assert.Equal(new Balance(100, 65, 25, 10), await account.BalanceAsync());
        Assert.Equal(new LeaseResult(LeaseOutcome.Granted, 35, 65), await account.LeaseAsync("gateway", 3, used: 35, @return: true));
        Assert.Equal(new Balance(100, 65, 35, 0), await account.BalanceAsync());
    }

    [Fact]
    public async Task Running_time_is_paid_ahead_by_a_wake_and_once()
    {
        var account = NewAccount();
        await account.PayAsync(100_000);
        Assert.Equal(new RunningResult(SpendOutcome.Done, 1000, 99_000), await account.BillAsync(60_000, waking: true));
        var again = await account.BillAsync(60_000, waking: true);
        Assert.True(again.Taken < 1000);
    }
}

/// <summary>The contract on a real Redis.</summary>
public sealed class RedisLedgerTests(RedisFixture fixture) : LedgerContract(fixture), IClassFixture<RedisFixture>;

/// <summary>The contract on Garnet inside the process.</summary>
public sealed class GarnetLedgerTests(GarnetFixture fixture) : LedgerContract(fixture), IClassFixture<GarnetFixture>;
