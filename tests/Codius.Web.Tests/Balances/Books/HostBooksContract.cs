using Codius.Testing;
using Codius.Web.Balances;
using Codius.Web.Balances.Books;
using Codius.Web.Balances.Storage;
using Microsoft.Extensions.Time.Testing;
using StackExchange.Redis;

namespace Codius.Web.Tests.Balances.Books;

/// <summary>The books of the host, on every kind of store: they have what the accounts have, once.</summary>
public abstract class HostBooksContract(StoreFixture fixture) : IAsyncLifetime
{
    private static readonly TimeSpan Gone = TimeSpan.FromMinutes(16);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private IDatabase Database => fixture.Store.Database;

    public async ValueTask InitializeAsync()
    {
        await Database.KeyDeleteAsync([BalanceKeys.HostBooks, .. BalanceKeys.Books(BalanceKeys.HostBooks)[..2]]);
        await Database.KeyDeleteAsync(BalanceKeys.HostBooksKeeper);
    }

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task They_have_what_all_accounts_have_however_often_it_is_brought()
    {
        var (one, two) = (new BooksUnderTest(fixture.Store), new BooksUnderTest(fixture.Store));
        await one.PayAsync(100);
        await two.PayAsync(30);
        await one.SpendAsync(7);
        for (var i = 0; i < 3; i++) await IncludeAsync(one, one.Id, two.Id);
        Assert.Equal(new BookTotals { PaidByStream = 130, Calls = 7 }, await HostAsync(one));

        await one.SpendAsync(5);
        await one.Ledger.RefundAsync(one.Id, 2, "a refund", "a test", "a test", Stop);
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => IncludeAsync(one, two.Id, one.Id)));
        Assert.Equal(new BookTotals { PaidByStream = 130, Calls = 12, Refunded = 2 }, await HostAsync(one));
    }

    [Fact]
    public async Task Their_lines_are_the_hours_and_days_in_which_it_was_brought()
    {
        var account = new BooksUnderTest(fixture.Store);
        await account.PayAsync(1000);
        for (var hour = 1; hour <= 30; hour++)
        {
            await account.SpendAsync((ulong)hour);
            await IncludeAsync(account, account.Id);
            account.Pass(TimeSpan.FromHours(1));
        }

        var hours = await account.Books.ReadHostLinesAsync(BookStep.Hour, account.Start.AddHours(-1), DateTimeOffset.MaxValue, Stop);
        var days = await account.Books.ReadHostLinesAsync(BookStep.Day, DateTimeOffset.UnixEpoch, DateTimeOffset.MaxValue, Stop);
        Assert.Equal(Enumerable.Range(1, 30), hours.Select(line => (int)line.Totals.Calls));
        Assert.Equal([24UL * 25 / 2, (30UL * 31 / 2) - (24 * 25 / 2)], days.Select(line => line.Totals.Calls));
        Assert.Equal(await HostAsync(account), BooksUnderTest.Sum(hours));
    }

    [Fact]
    public async Task More_accounts_than_one_script_has_are_all_there()
    {
        var accounts = Enumerable.Range(0, 150).Select(_ => new BooksUnderTest(fixture.Store)).ToArray();
        foreach (var account in accounts) await account.PayAsync(2);
        await IncludeAsync(accounts[0], [.. accounts.Select(account => account.Id)]);

        Assert.Equal(300UL, (await HostAsync(accounts[0])).PaidByStream);
    }

    [Fact]
    public async Task An_account_that_ended_is_forgotten_and_what_it_brought_stays_once()
    {
        var account = new BooksUnderTest(fixture.Store);
        await account.PayAsync(100);
        await IncludeAsync(account, account.Id);
        var (late, readAt) = (await TotalsAsync(account), account.Clock.GetUtcNow().ToUnixTimeMilliseconds());
        await Database.KeyDeleteAsync(BalanceKeys.Account(account.Id));

        // Not at once: another gateway may still bring what it has read.
        await IncludeAsync(account, account.Id);
        Assert.Equal("done", await RunAsync(account, readAt, account.Id, late));
        Assert.True(await Database.HashExistsAsync(BalanceKeys.HostBooks, $"{account.Id}"));
        account.Pass(TimeSpan.FromMinutes(6));
        await IncludeAsync(account, account.Id);
        Assert.Equal("late", await RunAsync(account, readAt, account.Id, late));
        account.Pass(Gone);
        await IncludeAsync(account, account.Id);
        Assert.False(await Database.HashExistsAsync(BalanceKeys.HostBooks, $"{account.Id}"));
        Assert.Equal("late", await RunAsync(account, readAt, account.Id, late));

        Assert.Equal(100UL, (await HostAsync(account)).PaidByStream);
    }

    [Fact]
    public async Task An_account_that_begins_again_brings_what_is_new_and_nothing_of_before()
    {
        var account = new BooksUnderTest(fixture.Store);
        await account.PayAsync(100);
        await IncludeAsync(account, account.Id);
        var before = await TotalsAsync(account);
        await Database.KeyDeleteAsync(BalanceKeys.Account(account.Id));
        await IncludeAsync(account, account.Id);
        account.Pass(TimeSpan.FromMinutes(1));
        await account.PayAsync(40);
        await IncludeAsync(account, account.Id);
        // Read before it ended, and brought after.
        var readAt = account.Clock.GetUtcNow().AddMinutes(-2).ToUnixTimeMilliseconds();
        Assert.Equal("done", await RunAsync(account, readAt, account.Id, before));
        await account.PayAsync(1);
        await IncludeAsync(account, account.Id);

        Assert.Equal(141UL, (await HostAsync(account)).PaidByStream);
    }

    [Fact]
    public async Task What_a_restored_store_has_lost_is_not_brought_twice()
    {
        var account = new BooksUnderTest(fixture.Store);
        await account.PayAsync(100);
        var backup = await Database.HashGetAllAsync(BalanceKeys.Account(account.Id));
        await account.PayAsync(50);
        await IncludeAsync(account, account.Id);
        await Database.HashSetAsync(BalanceKeys.Account(account.Id), backup);
        await IncludeAsync(account, account.Id);
        await account.PayAsync(60);
        await IncludeAsync(account, account.Id);

        Assert.Equal(160UL, (await HostAsync(account)).PaidByStream);
    }

    [Fact]
    public async Task A_scan_finds_all_accounts_and_no_book_of_what_connectors_owe()
    {
        var accounts = Enumerable.Range(0, 40).Select(_ => new BooksUnderTest(fixture.Store)).ToArray();
        foreach (var account in accounts) await account.PayAsync(2);
        await accounts[0].Ledger.BookAsync(AccountId.OfBook("owed-one"), 5, "a gateway", 1, Stop);
        await Database.HashSetAsync(BalanceKeys.HostBooks, "gone-long-ago", "gone");
        var found = new HashSet<AccountId>();
        for (var scan = new AccountScan(fixture.Store.Store); !scan.IsOver;) found.UnionWith(await scan.NextAsync());

        Assert.Superset(accounts.Select(account => account.Id).Append(AccountId.OfApp("gone-long-ago")).ToHashSet(), found);
        Assert.DoesNotContain(found, account => $"{account}".StartsWith('-') || $"{account}".StartsWith(':'));
    }

    [Fact]
    public async Task Totals_that_cannot_be_read_keep_no_other_account_from_them_and_those_of_a_later_version_are_read()
    {
        var (one, broken, later) = (
            new BooksUnderTest(fixture.Store), new BooksUnderTest(fixture.Store), new BooksUnderTest(fixture.Store));
        foreach (var account in (BooksUnderTest[])[one, broken, later]) await account.PayAsync(100);
        await Database.HashSetAsync(BalanceKeys.Account(broken.Id), "totals", "rubbish");
        await Database.HashSetAsync(BalanceKeys.Account(later.Id), "totals", await TotalsAsync(later) + ",5,7");
        Assert.Equal(100UL, (await later.TotalsAsync()).PaidByStream);

        for (var i = 0; i < 2; i++) await IncludeAsync(one, broken.Id, one.Id, later.Id);
        Assert.Equal(200UL, (await HostAsync(one)).PaidByStream);

        // What a later version has written stays.
        foreach (var field in (RedisValue[])[BalanceKeys.HostTotals, $"{one.Id}"])
            await Database.HashSetAsync(BalanceKeys.HostBooks, field, await Database.HashGetAsync(BalanceKeys.HostBooks, field) + ",3");
        await one.PayAsync(10);
        await IncludeAsync(one, one.Id);
        Assert.Equal(210UL, (await HostAsync(one)).PaidByStream);
        foreach (var field in (RedisValue[])[BalanceKeys.HostTotals, $"{one.Id}"])
            Assert.EndsWith(",3", (string?)await Database.HashGetAsync(BalanceKeys.HostBooks, field), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_scan_begins_with_all_that_the_books_have()
    {
        var account = new BooksUnderTest(fixture.Store);
        await account.PayAsync(2);
        for (var i = 0; i < 1000; i++) await Database.HashSetAsync(BalanceKeys.HostBooks, $"ended-{i}", "gone");
        var scan = new AccountScan(fixture.Store.Store);
        var found = new HashSet<AccountId>();
        while (found.Count < 1000)
        {
            var page = await scan.NextAsync();
            Assert.All(page, id => Assert.StartsWith("ended-", $"{id}", StringComparison.Ordinal));
            found.UnionWith(page);
        }
        Assert.False(scan.IsOver);
    }

    [Fact]
    public async Task One_tick_reads_more_than_a_page()
    {
        for (var i = 0; i < 2000; i++) await Database.HashSetAsync(BalanceKeys.HostBooks, $"gone-{i}", "gone,1,1" + new string(',', 14));
        var clock = new FakeTimeProvider();
        using var keeper = NewKeeper(clock);
        await keeper.StartAsync(Stop);
        // No more ticks than it needs to begin: one, or one more that came meanwhile.
        await Eventually.TrueAsync<bool>("it is the keeper", async () =>
        {
            if (await Database.KeyExistsAsync(BalanceKeys.HostBooksKeeper)) return true;
            clock.Advance(TimeSpan.FromSeconds(1));
            return null;
        });

        // A page has 250. On Garnet the next page passes over as many as were deleted: the next round has them.
        await Eventually.TrueAsync<bool>("more than two pages of what ended are forgotten", async () =>
            await Database.HashLengthAsync(BalanceKeys.HostBooks) <= 1250 ? true : null);
        await keeper.StopAsync(Stop);
    }

    [Fact]
    public async Task One_of_two_gateways_keeps_them_from_its_start_on()
    {
        var account = new AccountUnderTest(fixture.Store);
        await account.PayAsync(100);
        var books = fixture.Store.BooksOn(TimeProvider.System);
        using var one = NewKeeper();
        using var other = NewKeeper();
        await one.StartAsync(Stop);
        await other.StartAsync(Stop);

        await Eventually.TrueAsync<bool>("the host has what the account has", async () =>
            (await books.ReadHostTotalsAsync(Stop)).PaidByStream >= 100 ? true : null);
        await one.StopAsync(Stop);
        await other.StopAsync(Stop);
        Assert.NotNull(await Database.KeyTimeToLiveAsync(BalanceKeys.HostBooksKeeper));
    }

    private HostBooks NewKeeper(TimeProvider? time = null)
    {
        var store = fixture.Store;
        return new HostBooks(
            store.Store, new HostBooksWriter(store.Store, store.Scripts), store.Hints, store.Health, Supervised.By(time),
            time ?? TimeProvider.System);
    }

    private async Task IncludeAsync(BooksUnderTest one, params AccountId[] accounts) =>
        Assert.True(await new HostBooksWriter(fixture.Store.Store, one.Scripts).IncludeAsync(accounts));

    private static async Task<BookTotals> HostAsync(BooksUnderTest one) => await one.Books.ReadHostTotalsAsync(Stop);

    private async Task<string> TotalsAsync(BooksUnderTest account) =>
        (await Database.HashGetAsync(BalanceKeys.Account(account.Id), "totals"))!;

    private static async Task<string> RunAsync(BooksUnderTest one, long readAt, AccountId account, string totals)
    {
        var books = BalanceKeys.Books(BalanceKeys.HostBooks);
        var answer = await one.Scripts.TryRunAsync(
            LedgerScript.HostBooks, [BalanceKeys.HostBooks, books[0], books[1]], [readAt, $"{account}", totals]);
        return (string)Assert.IsType<RedisValue[]>(answer)[0]!;
    }
}

/// <summary>On a real Redis.</summary>
public sealed class RedisHostBooksTests(RedisFixture fixture) : HostBooksContract(fixture), IClassFixture<RedisFixture>;

/// <summary>On Garnet inside the process.</summary>
public sealed class GarnetHostBooksTests(GarnetFixture fixture) : HostBooksContract(fixture), IClassFixture<GarnetFixture>;
