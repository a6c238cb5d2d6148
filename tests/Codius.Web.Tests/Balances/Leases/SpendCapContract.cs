using Codius.Web.Balances;
using Codius.Web.Balances.Leases;
using Microsoft.Extensions.Time.Testing;

namespace Codius.Web.Tests.Balances.Leases;

/// <summary>Slices within an owner's cap per hour, on every kind of store.</summary>
public abstract class SpendCapContract(StoreFixture fixture)
{
    private const ulong Price = 10;
    private static readonly LeaseOptions Quick = new() { SettleEvery = TimeSpan.FromMilliseconds(100) };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Within_an_owners_cap_nothing_lies_idle_between_few_visits()
    {
        var account = await AccountUnderTest.PaidAsync(fixture.Store, 1_000_000);
        var clock = new FakeTimeProvider();
        await using var gateway = await LeasingGateway.StartAsync(fixture.Store, new LeaseOptions(), long.MaxValue, clock);
        for (var visit = 0; visit < 8; visit++)
        {
            var reserved = await gateway.ReserveAsync(account, Price, cap: 1000);
            reserved.Commit();
        }

        // A second that had visits, and one that had none.
        clock.Advance(TimeSpan.FromSeconds(1));
        await AccountUnderTest.UntilAsync(async () => (await account.ReadCheckedAsync())!.Value.Spent == 8 * Price);
        clock.Advance(TimeSpan.FromSeconds(1));
        await account.IsAsync(new Balance(1_000_000, 1_000_000 - (8 * Price), 8 * Price, 0));
    }

    [Fact]
    public async Task A_slice_within_an_owners_cap_spares_requests_too()
    {
        const ulong Cap = 20_000;
        var account = await AccountUnderTest.PaidAsync(fixture.Store, 1_000_000);
        await using var gateway = await LeasingGateway.StartAsync(fixture.Store, Quick, long.MaxValue);
        ulong spent = 0;
        while (await gateway.ReserveAsync(account, Price, Cap) is { Outcome: ReserveOutcome.Reserved } reserved)
        {
            reserved.Commit();
            spent += Price;
        }
        Assert.InRange(gateway.LeaseCalls, 2, 400);
        Assert.Equal(Cap, spent);

        // Another cap, or none, is judged anew.
        Assert.Equal(ReserveOutcome.Reserved, (await gateway.ReserveAsync(account, Price, Cap + Price)).Outcome);
        Assert.Equal(ReserveOutcome.Capped, (await gateway.ReserveAsync(account, Price, Cap)).Outcome);
        Assert.Equal(ReserveOutcome.Reserved, (await gateway.ReserveAsync(account, Price)).Outcome);
    }

    [Fact]
    public async Task Within_an_owners_cap_a_preflight_that_woke_the_app_is_spent_once_though_its_price_was_voided()
    {
        const ulong Cap = 10;
        var account = await AccountUnderTest.PaidAsync(fixture.Store, 1_000);
        await account.LeaseAsync("another", 1, wanted: 5, cap: Cap);
        await account.LeaseAsync("another", 2, used: 5, @return: true, cap: Cap);
        var clock = new FakeTimeProvider();
        await using var gateway = await LeasingGateway.StartAsync(fixture.Store, new LeaseOptions(), long.MaxValue, clock);

        var preflight = await gateway.ReserveAsync(account, 1, Cap);
        var visits = new List<Reservation>();
        for (var visit = 0; visit < 4; visit++) visits.Add(await gateway.ReserveAsync(account, 1, Cap));
        await fixture.Store.Ledger.BillRunningAsync(new RunningBill(account.Id, 0, Waking: true, Reserved: 1, Counted: 1), Stop);
        preflight.Void();
        foreach (var visit in visits) visit.Commit();
        clock.Advance(TimeSpan.FromSeconds(1));
        await AccountUnderTest.UntilAsync(async () => (await account.ReadCheckedAsync())!.Value.Spent == 9);

        Assert.Equal(ReserveOutcome.Capped, (await gateway.ReserveAsync(account, 1, Cap)).Outcome);
    }
}

/// <summary>On a real Redis.</summary>
public sealed class RedisSpendCapTests(RedisFixture fixture) : SpendCapContract(fixture), IClassFixture<RedisFixture>;

/// <summary>On Garnet inside the process.</summary>
public sealed class GarnetSpendCapTests(GarnetFixture fixture) : SpendCapContract(fixture), IClassFixture<GarnetFixture>;
