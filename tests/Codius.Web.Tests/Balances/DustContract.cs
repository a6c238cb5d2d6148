using Codius.Web.Balances;
using Codius.Web.Balances.Storage;

namespace Codius.Web.Tests.Balances;

/// <summary>Accounts that never held what opens a page have an end, on every kind of store.</summary>
public abstract class DustContract(StoreFixture fixture)
{
    private const ulong OpenAt = 300;
    private static readonly byte[] Nonce = new byte[16];
    private static readonly TimeSpan Loaded = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Kept = TimeSpan.FromDays(90);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private RedisBalanceLedger Ledger => fixture.Store.LedgerWith(new Prices(10, 10, 60, OpenAt));

    [Fact]
    public async Task An_account_that_never_could_open_a_page_ends_when_nothing_touches_it_for_ninety_days_at_most()
    {
        var account = new AccountUnderTest(fixture.Store);
        await PayAsync(account.Id, 100);
        await PayAsync(account.Id, OpenAt - 101);
        await IsKeptAsync(account.Id, Kept * (OpenAt - 1) / OpenAt);

        // What is done with it begins the time anew.
        await EndAsync(account.Id, TimeSpan.FromDays(1));
        await Ledger.LeaseAsync(new LeaseRequest(account.Id, "lease", 1, 0, 10, 10), Stop);
        await IsKeptAsync(account.Id, Kept * (OpenAt - 1) / OpenAt);
        Assert.Equal(new Balance(OpenAt - 1, OpenAt - 11, 0, 10), await account.BalanceAsync());

        await EndAsync(account.Id, TimeSpan.FromMilliseconds(1));
        await AccountUnderTest.UntilAsync(async () => await Ledger.ReadAsync(account.Id, Stop) is null);
        Assert.Equal(SpendOutcome.NoAccount, (await Ledger.SpendAsync(account.Id, 1, Stop)).Outcome);
    }

    [Fact]
    public async Task What_is_paid_less_is_kept_less_but_for_an_hour()
    {
        var (third, little) = (new AccountUnderTest(fixture.Store), new AccountUnderTest(fixture.Store));
        await PayAsync(third.Id, OpenAt / 3);
        await IsKeptAsync(third.Id, Kept / 3);

        var ledger = fixture.Store.LedgerWith(new Prices(10, 10, 60, 300_000));
        await ledger.CreditAsync(AccountUnderTest.Packet(little.Id, 1), Stop);
        await IsKeptAsync(little.Id, TimeSpan.FromHours(1));
    }

    [Fact]
    public async Task One_that_could_once_is_kept_for_good_whatever_it_was_before_and_is_spent_since()
    {
        var account = new AccountUnderTest(fixture.Store);
        await PayAsync(account.Id, OpenAt - 1);
        Assert.NotNull(await EndsInAsync(account.Id));
        await PayAsync(account.Id, 1);
        Assert.Null(await EndsInAsync(account.Id));

        await Ledger.SpendAsync(account.Id, OpenAt, Stop);
        await Ledger.SpendAsync(account.Id, 0, Stop);
        Assert.Null(await EndsInAsync(account.Id));
    }

    [Fact]
    public async Task Its_apps_free_errors_count_as_those_of_any_other()
    {
        var account = new AccountUnderTest(fixture.Store);
        await PayAsync(account.Id, OpenAt - 1);
        for (var request = 1; request <= 3; request++)
            await Ledger.LeaseAsync(new LeaseRequest(account.Id, "lease", request, 0, 10, 10, FreeErrors: 2), Stop);

        var result = await Ledger.LeaseAsync(new LeaseRequest(account.Id, "lease", 4, 0, 0, 0), Stop);

        Assert.Equal(6, result.ErrorsUsed);
    }

    [Fact]
    public async Task A_lower_price_keeps_from_its_next_change_on_what_was_dust()
    {
        var account = new AccountUnderTest(fixture.Store);
        await PayAsync(account.Id, 100);
        await EndAsync(account.Id, TimeSpan.FromDays(1));

        await fixture.Store.LedgerWith(new Prices(1, 1, 6, 50)).SpendAsync(account.Id, 1, Stop);

        Assert.Null(await EndsInAsync(account.Id));
    }

    [Fact]
    public async Task One_with_a_lower_price_of_its_own_is_kept_from_what_opens_its_own_page_and_a_higher_one_changes_nothing()
    {
        var (lower, higher) = (new AccountUnderTest(fixture.Store), new AccountUnderTest(fixture.Store));
        var prices = new Prices(10, 10, 60, OpenAt);
        var own = new Own(new() { [lower.Id] = prices with { OpenAt = 50 }, [higher.Id] = prices with { OpenAt = 10 * OpenAt } });
        var ledger = fixture.Store.LedgerWith(new LedgerScripts(fixture.Store.Store, fixture.Store.Health, prices, own));

        await ledger.CreditAsync(AccountUnderTest.Packet(lower.Id, 49), Stop);
        Assert.NotNull(await EndsInAsync(lower.Id));
        await ledger.CreditAsync(AccountUnderTest.Packet(lower.Id, 1), Stop);
        Assert.Null(await EndsInAsync(lower.Id));
        await ledger.CreditAsync(AccountUnderTest.Packet(higher.Id, OpenAt), Stop);
        Assert.Null(await EndsInAsync(higher.Id));
    }

    [Fact]
    public async Task A_raised_price_gives_no_end_to_what_was_kept_for_good()
    {
        var account = new AccountUnderTest(fixture.Store);
        await PayAsync(account.Id, OpenAt);

        await fixture.Store.LedgerWith(new Prices(100, 100, 600, 10 * OpenAt)).SpendAsync(account.Id, 1, Stop, "after the rise");

        Assert.Null(await EndsInAsync(account.Id));
        Assert.Null(await fixture.Store.Database.KeyTimeToLiveAsync(BalanceKeys.History(account.Id)));
    }

    [Fact]
    public async Task Its_books_end_with_it_and_are_renewed_with_it()
    {
        var account = new AccountUnderTest(fixture.Store);
        var ledger = fixture.Store.LedgerWith(new Prices(10, 10, 60, 300_000));
        await ledger.CreditAsync(AccountUnderTest.Packet(account.Id, 20), Stop);
        await fixture.Store.Database.ListRightPushAsync(BalanceKeys.Books(BalanceKeys.Account(account.Id))[0], "1,");
        await EndAsync(account.Id, TimeSpan.FromMinutes(10));
        await ledger.CreditAsync(AccountUnderTest.Packet(account.Id, 1), Stop);
        await EndTogetherAsync(account.Id);

        // A lease moves no money in the books, and renews the account.
        foreach (var book in BalanceKeys.Books(BalanceKeys.Account(account.Id)))
            await fixture.Store.Database.KeyExpireAsync(book, TimeSpan.FromMinutes(10));
        await EndAsync(account.Id, TimeSpan.FromMinutes(10));
        await ledger.LeaseAsync(new LeaseRequest(account.Id, "lease", 1, 0, 10, 10), Stop);
        await EndTogetherAsync(account.Id);
    }

    [Fact]
    public async Task Its_end_is_left_where_it_is_while_it_would_be_put_off_by_less_than_a_sixteenth()
    {
        var account = new AccountUnderTest(fixture.Store);
        var ledger = fixture.Store.LedgerWith(new Prices(10, 10, 60, 300_000));
        await ledger.CreditAsync(AccountUnderTest.Packet(account.Id, 20), Stop);

        await EndAsync(account.Id, TimeSpan.FromMinutes(58));
        await ledger.CreditAsync(AccountUnderTest.Packet(account.Id, 1), Stop);
        Assert.InRange((await EndsInAsync(account.Id))!.Value, TimeSpan.FromMinutes(50), TimeSpan.FromMinutes(58));

        await EndAsync(account.Id, TimeSpan.FromMinutes(56));
        await ledger.CreditAsync(AccountUnderTest.Packet(account.Id, 1), Stop);
        Assert.InRange((await EndsInAsync(account.Id))!.Value, TimeSpan.FromMinutes(58), TimeSpan.FromHours(1));
    }

    [Fact]
    public async Task Books_that_a_version_without_them_left_with_an_end_are_kept_from_their_next_hour_or_entry_on()
    {
        var account = new AccountUnderTest(fixture.Store);
        var (key, database) = (BalanceKeys.Account(account.Id), fixture.Store.Database);
        await PayAsync(account.Id, 100);
        var books = BalanceKeys.Books(key);
        await database.ListRightPushAsync(books[0], "1,");
        await database.KeyExpireAsync(books[0], TimeSpan.FromDays(1));
        // As that version does: it knows the account only.
        await database.HashSetAsync(key, [new("credited", "1000"), new("balance", "1000"), new("dust", "")]);
        await database.KeyPersistAsync(key);

        await Ledger.SpendAsync(account.Id, 1, Stop, "a new entry");
        Assert.Null(await database.KeyTimeToLiveAsync(books[2]));
        var totals = ((string?)await database.HashGetAsync(key, "totals"))!.Split(',');
        await database.HashSetAsync(key, "totals", string.Join(',', [.. totals[..2], "1", .. totals[3..]]));
        await PayAsync(account.Id, 1);
        Assert.Null(await database.KeyTimeToLiveAsync(books[0]));
    }

    [Fact]
    public async Task Books_of_an_account_that_ended_are_not_those_of_one_that_a_version_without_them_began()
    {
        var account = new AccountUnderTest(fixture.Store);
        var (key, database) = (BalanceKeys.Account(account.Id), fixture.Store.Database);
        await PayAsync(account.Id, 100);
        await database.HashDeleteAsync(key, "totals");
        await database.HashSetAsync(BalanceKeys.Books(key)[2], "stream:another", "1\t1\t1\t\t\t");

        await PayAsync(account.Id, 1);

        Assert.False(await database.HashExistsAsync(BalanceKeys.Books(key)[2], "stream:another"));
        Assert.True(await database.KeyExistsAsync(BalanceKeys.Books(key)[2]));
    }

    [Fact]
    public async Task Its_history_ends_with_it_and_is_kept_with_it()
    {
        var account = new AccountUnderTest(fixture.Store);
        await PayAsync(account.Id, 100);
        await Ledger.SpendAsync(account.Id, 1, Stop, "one");
        Assert.NotNull(await fixture.Store.Database.KeyTimeToLiveAsync(BalanceKeys.History(account.Id)));

        await PayAsync(account.Id, OpenAt);
        await Ledger.SpendAsync(account.Id, 1, Stop, "two");
        Assert.Null(await fixture.Store.Database.KeyTimeToLiveAsync(BalanceKeys.History(account.Id)));
    }

    [Fact]
    public async Task A_total_of_receipts_is_kept_as_long_as_dust_of_its_worth_and_a_day_at_most()
    {
        var (little, much) = (new AccountUnderTest(fixture.Store), new AccountUnderTest(fixture.Store));
        var ledger = fixture.Store.LedgerWith(new Prices(10, 10, 60, 300_000));
        await ledger.CreditAsync(WithReceipts(little.Id, 1), Stop);
        await ledger.CreditAsync(WithReceipts(much.Id, 100_000), Stop);

        Assert.InRange((await TotalEndsInAsync(little.Id))!.Value, TimeSpan.FromMinutes(55), TimeSpan.FromHours(1));
        Assert.InRange((await TotalEndsInAsync(much.Id))!.Value, TimeSpan.FromHours(24.9), TimeSpan.FromHours(25));

        // One packet more never shortens it: a receipt that was kept longer is compared with it until then.
        await fixture.Store.Database.KeyExpireAsync(BalanceKeys.Receipt(little.Id, Nonce), TimeSpan.FromHours(5));
        await ledger.CreditAsync(WithReceipts(little.Id, 1), Stop);
        Assert.InRange((await TotalEndsInAsync(little.Id))!.Value, TimeSpan.FromHours(4.9), TimeSpan.FromHours(5));
    }

    [Fact]
    public async Task Of_too_many_totals_of_receipts_those_of_one_unit_are_forgotten_first()
    {
        await fixture.Store.Database.KeyDeleteAsync(BalanceKeys.KeptTotals);
        var ledger = fixture.Store.LedgerWith(new Prices(10, 10, 60, 300_000));
        var before = fixture.Store.IncomingSettings.MostTotalsOfHost;
        fixture.Store.IncomingSettings.MostTotalsOfHost = 10;
        var honest = new AccountUnderTest(fixture.Store);
        await ledger.CreditAsync(WithReceipts(honest.Id, 1), Stop);
        await ledger.CreditAsync(WithReceipts(honest.Id, 10_000), Stop);
        var flood = Enumerable.Range(0, 50).Select(_ => new AccountUnderTest(fixture.Store)).ToArray();

        foreach (var account in flood) await ledger.CreditAsync(WithReceipts(account.Id, 1), Stop);

        var kept = await Task.WhenAll(flood.Select(account => TotalEndsInAsync(account.Id)));
        fixture.Store.IncomingSettings.MostTotalsOfHost = before;
        Assert.Equal(9, kept.Count(end => end is not null));
        Assert.Equal("10001", await fixture.Store.Database.HashGetAsync(BalanceKeys.Receipt(honest.Id, Nonce), "1"));
        Assert.NotNull(await fixture.Store.Database.KeyTimeToLiveAsync(BalanceKeys.KeptTotals));
    }

    [Fact]
    public async Task The_books_of_the_host_have_no_end()
    {
        var book = AccountId.OfApp("-owed-dust");
        await Ledger.BookAsync(book, 1, "a gateway", 1, Stop);

        Assert.Null(await EndsInAsync(book));
    }

    private static PacketCredit WithReceipts(AccountId account, ulong amount) =>
        AccountUnderTest.Packet(account, amount) with { ReceiptNonce = Nonce };

    private Task<TimeSpan?> TotalEndsInAsync(AccountId account) =>
        fixture.Store.Database.KeyTimeToLiveAsync(BalanceKeys.Receipt(account, Nonce));

    private async Task PayAsync(AccountId account, ulong amount) =>
        Assert.Equal(CreditOutcome.Credited, (await Ledger.CreditAsync(AccountUnderTest.Packet(account, amount), Stop)).Outcome);

    private async Task IsKeptAsync(AccountId account, TimeSpan time) =>
        Assert.InRange((await EndsInAsync(account))!.Value, time - TimeSpan.FromMinutes(5), time);

    private async Task EndTogetherAsync(AccountId account)
    {
        var end = (await EndsInAsync(account))!.Value;
        Assert.InRange(end, TimeSpan.FromMinutes(55), TimeSpan.FromHours(1));
        foreach (var book in BalanceKeys.Books(BalanceKeys.Account(account)))
            if (await fixture.Store.Database.KeyExistsAsync(book))
                Assert.InRange((await fixture.Store.Database.KeyTimeToLiveAsync(book))!.Value, TimeSpan.FromMinutes(50), end.Add(Loaded));
    }

    private Task<TimeSpan?> EndsInAsync(AccountId account) => fixture.Store.Database.KeyTimeToLiveAsync(BalanceKeys.Account(account));

    private Task<bool> EndAsync(AccountId account, TimeSpan soon) =>
        fixture.Store.Database.KeyExpireAsync(BalanceKeys.Account(account), soon);

    private sealed class Own(Dictionary<AccountId, Prices> prices) : IOwnPrices
    {
        public Prices? Of(AccountId account) => prices.GetValueOrDefault(account);
    }
}

/// <summary>On a real Redis.</summary>
public sealed class RedisDustTests(RedisFixture fixture) : DustContract(fixture), IClassFixture<RedisFixture>;

/// <summary>On Garnet inside the process.</summary>
public sealed class GarnetDustTests(GarnetFixture fixture) : DustContract(fixture), IClassFixture<GarnetFixture>;
