using Codius.Testing;
using Codius.Testing.Stores;
using Codius.Web.Apps;
using Codius.Web.Apps.Names;
using Codius.Web.Balances;
using Codius.Web.Tests.Balances;
using Microsoft.Extensions.Options;

namespace Codius.Web.Tests.Apps.Names;

/// <summary>A name's owner is on record from before its app exists until long after; the balance never goes to the next owner.</summary>
public abstract class NameHoldsContract(StoreFixture fixture)
{
    private static readonly AccountId Alice = AccountId.OfDeployToken("alice");
    private static readonly AccountId Bob = AccountId.OfDeployToken("bob");

    private readonly AccountUnderTest _account = new(fixture.Store);
    private readonly NameHolds _names = Names(fixture.Store, TimeSpan.FromDays(90));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string Name => _account.Id.ToString();

    private string Key => $"codius:{{{Name}}}:kept";

    [Fact]
    public async Task A_name_nobody_deployed_is_anybodys()
    {
        Assert.Null(await _names.OwnerAsync(Name, Stop));
        Assert.Null(await RecordAsync());
        Assert.Null(await _names.ClaimAsync(Name, Bob, Stop));
    }

    [Fact]
    public async Task A_name_of_the_host_itself_and_its_balance_go_to_nobody_else()
    {
        await _account.PayAsync(100);
        await _names.ExistsAsync(Name, null, Stop);
        await _names.HoldAsync(Name, null, Stop);

        Assert.NotNull(await _names.ClaimAsync(Name, Bob, Stop));
        Assert.NotEqual(Bob, await _names.OwnerAsync(Name, Stop));
        Assert.Null(await _names.ClaimAsync(Name, null, Stop));
        Assert.Equal(100UL, (await _account.BalanceAsync())!.Value.Available);
    }

    [Fact]
    public async Task Who_is_about_to_deploy_has_the_name_for_minutes_and_with_the_app_for_good()
    {
        Assert.Null(await _names.ClaimAsync(Name, Alice, Stop));
        Assert.Equal(Alice, await _names.ClaimAsync(Name, Bob, Stop));
        Assert.Null(await _names.ClaimAsync(Name, Alice, Stop));
        Assert.InRange((await fixture.Store.Database.KeyTimeToLiveAsync(Key))!.Value, TimeSpan.Zero, TimeSpan.FromMinutes(5));

        await _names.ExistsAsync(Name, Alice, Stop);

        Assert.Null(await fixture.Store.Database.KeyTimeToLiveAsync(Key));
        Assert.Equal(Alice, await _names.OwnerAsync(Name, Stop));
        Assert.Equal($"{Alice}", await RecordAsync());
    }

    [Fact]
    public async Task An_app_that_nobody_saw_go_leaves_its_name_and_balance_to_its_owner()
    {
        await _account.PayAsync(100);
        await _names.ExistsAsync(Name, Alice, Stop);

        // The app is gone, and no gateway has written anything since.
        Assert.Equal(Alice, await _names.ClaimAsync(Name, Bob, Stop));
        // From now on its time runs, so that the name is not held for ever.
        Assert.InRange(await EndAsync(), InDays(89), InDays(91));
        Assert.Equal(Alice, await _names.ClaimAsync(Name, Bob, Stop));
        Assert.Null(await _names.ClaimAsync(Name, Alice, Stop));
        Assert.Equal(100UL, (await _account.BalanceAsync())!.Value.Funds);
    }

    [Fact]
    public async Task A_deleted_name_is_its_owners_for_ninety_days_and_its_money_stays()
    {
        await _account.PayAsync(100);
        await _names.ExistsAsync(Name, Alice, Stop);

        await _names.HoldAsync(Name, Alice, Stop);

        Assert.InRange(await EndAsync(), InDays(89), InDays(91));
        Assert.Equal(Alice, await _names.OwnerAsync(Name, Stop));
        Assert.Equal(Alice, await _names.ClaimAsync(Name, Bob, Stop));
        Assert.Equal(Alice, await _names.ClaimAsync(Name, null, Stop));
        Assert.Equal(100UL, (await _account.BalanceAsync())!.Value.Funds);
    }

    [Fact]
    public async Task That_an_app_is_gone_starts_the_time_once_and_never_takes_another_owners_name()
    {
        await _names.GoneAsync(Name, Alice, Stop);
        var end = await EndAsync();
        await WriteAsync($"{Alice} {end - 1}");
        await _names.GoneAsync(Name, Alice, Stop);
        Assert.Equal(end - 1, await EndAsync());

        await _names.ExistsAsync(Name, Bob, Stop);
        await _names.GoneAsync(Name, Alice, Stop);
        Assert.Equal($"{Bob}", await RecordAsync());
    }

    [Fact]
    public async Task After_that_time_the_rest_is_booked_as_spent_and_the_name_is_free()
    {
        await _account.PayAsync(100);
        await WriteAsync($"{Alice} 1");

        // To look changes nothing: a dry run does.
        Assert.Null(await _names.OwnerAsync(Name, Stop));
        Assert.Equal(100UL, (await _account.BalanceAsync())!.Value.Available);

        Assert.Null(await _names.ClaimAsync(Name, Bob, Stop));
        Assert.Equal(new Balance(100, 0, 100, 0), await _account.BalanceAsync());
        // The next owner's payments are the next owner's.
        await _account.PayAsync(7);
        await _names.ExistsAsync(Name, Bob, Stop);
        Assert.Null(await _names.ClaimAsync(Name, Bob, Stop));
        Assert.Equal(7UL, (await _account.BalanceAsync())!.Value.Available);
    }

    [Fact]
    public async Task What_gateways_still_lease_of_it_does_not_go_to_the_next_owner()
    {
        await _account.PayAsync(100);
        await _account.LeaseAsync("a gateway", 1, wanted: 40);
        await WriteAsync($"{Alice} 1");

        await Assert.ThrowsAsync<AppStoreUnavailableException>(async () => await _names.ClaimAsync(Name, Bob, Stop));
        Assert.True((await _account.LeaseAsync("a gateway", 2, @return: true)).GiveBack);

        Assert.Null(await _names.ClaimAsync(Name, Bob, Stop));
        Assert.Equal(new Balance(100, 0, 100, 0), await _account.BalanceAsync());
    }

    [Fact]
    public async Task What_is_paid_after_a_crash_between_the_money_and_the_name_does_not_go_to_the_next_owner()
    {
        await _account.PayAsync(100);
        await WriteAsync($"{Alice} 1");
        await _account.ForfeitAsync("kept until 1");
        await _account.PayAsync(7);

        Assert.Null(await _names.ClaimAsync(Name, Bob, Stop));

        Assert.Equal(new Balance(107, 0, 107, 0), await _account.BalanceAsync());
    }

    [Fact]
    public async Task An_app_whose_owner_cannot_be_verified_leaves_its_name_to_the_owner_on_record()
    {
        await _names.ExistsAsync(Name, Alice, Stop);
        await _names.HoldRecordedAsync(Name, Stop);
        Assert.InRange(await EndAsync(), InDays(89), InDays(91));

        // The end of an earlier deletion, which the cluster did not complete, is set anew.
        await WriteAsync($"{Alice} 1");
        await _names.HoldRecordedAsync(Name, Stop);
        Assert.InRange(await EndAsync(), InDays(89), InDays(91));
    }

    [Fact]
    public async Task Without_an_owner_on_record_it_leaves_its_name_to_the_host_but_for_a_claim()
    {
        await _names.HoldRecordedAsync(Name, Stop);
        Assert.Matches(@"^- \d{13}$", await RecordAsync());

        await fixture.Store.Database.KeyDeleteAsync(Key);
        await _names.ClaimAsync(Name, Bob, Stop);
        await _names.HoldRecordedAsync(Name, Stop);
        Assert.Equal($"{Bob}", await RecordAsync());
    }

    [Fact]
    public async Task An_owner_who_deploys_again_has_the_name_back()
    {
        await _names.HoldAsync(Name, Alice, Stop);
        Assert.Null(await _names.ClaimAsync(Name, Alice, Stop));
        // A deploy that is then refused has not shortened it.
        Assert.InRange(await EndAsync(), InDays(89), InDays(91));

        await _names.ExistsAsync(Name, Alice, Stop);

        Assert.Equal($"{Alice}", await RecordAsync());
    }

    [Fact]
    public async Task The_record_of_a_deleted_name_ends_by_itself_unless_there_is_money_to_book_first()
    {
        await _names.ExistsAsync(Name, Alice, Stop);
        await _names.HoldAsync(Name, Alice, Stop);
        Assert.InRange((await fixture.Store.Database.KeyTimeToLiveAsync(Key))!.Value, TimeSpan.FromDays(269), TimeSpan.FromDays(270));
        Assert.Equal(Alice, await _names.OwnerAsync(Name, Stop));

        // Deployed again, paid, deleted again.
        await _names.ExistsAsync(Name, Alice, Stop);
        Assert.Null(await fixture.Store.Database.KeyTimeToLiveAsync(Key));
        await _account.PayAsync(100);
        await _names.HoldAsync(Name, Alice, Stop);
        Assert.Null(await fixture.Store.Database.KeyTimeToLiveAsync(Key));

        // The account is dust, which ends before the record.
        await fixture.Store.Database.KeyExpireAsync(BalanceKeys.Account(_account.Id), TimeSpan.FromDays(90));
        await _names.HoldAsync(Name, Alice, Stop);
        Assert.NotNull(await fixture.Store.Database.KeyTimeToLiveAsync(Key));
    }

    [Fact]
    public async Task A_host_that_keeps_no_names_frees_them_once_they_are_deleted()
    {
        var names = Names(fixture.Store, TimeSpan.Zero);
        await names.ExistsAsync(Name, Alice, Stop);
        // Not before: a gateway that has not seen the app yet may ask.
        Assert.Equal(Alice, await names.ClaimAsync(Name, Bob, Stop));
        Assert.Equal(Alice, await names.ClaimAsync(Name, Bob, Stop));

        await names.HoldAsync(Name, Alice, Stop);

        Assert.Null(await names.ClaimAsync(Name, Bob, Stop));
    }

    private static NameHolds Names(LedgerStore store, TimeSpan keep) =>
        new(store.Scripts, store.Ledger, new FakeSteering(), Options.Create(new AppOptions { KeepName = keep }));

    private static long InDays(int days) => TimeProvider.System.GetUtcNow().AddDays(days).ToUnixTimeMilliseconds();

    private async Task<string?> RecordAsync() => await fixture.Store.Database.StringGetAsync(Key);

    private async Task WriteAsync(string record) => await fixture.Store.Database.StringSetAsync(Key, record);

    private async Task<long> EndAsync()
    {
        var record = (await RecordAsync())!.Split(' ');
        Assert.Equal($"{Alice}", record[0]);
        return long.Parse(record[1]);
    }
}

public sealed class NameHoldsOnRedisTests(RedisFixture fixture) : NameHoldsContract(fixture), IClassFixture<RedisFixture>;

public sealed class NameHoldsOnGarnetTests(GarnetFixture fixture) : NameHoldsContract(fixture), IClassFixture<GarnetFixture>;
