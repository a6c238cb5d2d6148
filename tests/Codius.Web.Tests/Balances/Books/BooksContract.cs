using Codius.Web.Balances;
using Codius.Web.Balances.Books;

namespace Codius.Web.Tests.Balances.Books;

/// <summary>The sums of an account by kind, and its hours and days, on every kind of store.</summary>
public abstract class BooksContract(StoreFixture fixture)
{
    private const int Hours = 24;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_sum_over_the_lines_equals_the_account_after_a_day_of_every_kind_of_change()
    {
        var random = new Random(20270101);
        var account = new BooksUnderTest(fixture.Store);
        await account.PayAsync(100_000);
        for (var hour = 0; hour < Hours; hour++)
        {
            for (var change = 0; change < BookChanges.Kinds; change++)
            {
                await BookChanges.MakeAsync(account, change, (ulong)random.Next(1, 500), $"{hour} {change}");
                account.Pass(TimeSpan.FromSeconds(random.Next(1, 290)));
            }
            account.Pass(account.Start.AddHours(hour + 1) - account.Clock.GetUtcNow());
        }

        var balance = Assert.NotNull(await account.Ledger.ReadAsync(account.Id, Stop));
        var totals = await account.TotalsAsync();
        Assert.Equal((balance.Credited, balance.Spent, 0UL, 0UL),
            (totals.Credited, totals.Spent, totals.CreditedBefore, totals.SpentBefore));
        Assert.All(
            [
                totals.PaidByStream, totals.PaidByReceipt, totals.PaidByWallet, totals.AdjustedUp, totals.AdjustedDown, totals.Requests,
                totals.Running, totals.Deploys, totals.Calls, totals.Refunded, totals.GivenBack,
            ],
            sum => Assert.NotEqual(0UL, sum));
        var (hours, days) = (await account.LinesAsync(BookStep.Hour), await account.LinesAsync(BookStep.Day));
        Assert.Equal(
            Enumerable.Range(0, Hours + 1).Select(hour => account.Start.AddMinutes(-30).AddHours(hour)).Take(hours.Count),
            hours.Select(line => line.Start));
        Assert.Equal(totals, BooksUnderTest.Sum(hours));
        Assert.Equal(totals, BooksUnderTest.Sum(days));
        var entries = await account.EntriesAsync();
        Assert.Equal(totals.PaidByStream, SumOf("stream"));
        Assert.Equal(totals.PaidByReceipt, SumOf("receipt"));
        Assert.Equal(totals.PaidByWallet, SumOf("wallet"));
        Assert.Equal(
            (totals.AdjustedUp, totals.AdjustedDown, totals.Refunded, totals.Deploys),
            (Sum(StatementKind.AdjustedUp), Sum(StatementKind.AdjustedDown), Sum(StatementKind.Refund), Sum(StatementKind.Deploy)));

        // What is left goes when the name is another's.
        Assert.Equal(SpendOutcome.Done, (await account.Ledger.ForfeitAsync(account.Id, "kept until now", "no owner", Stop)).Outcome);
        balance = Assert.NotNull(await account.Ledger.ReadAsync(account.Id, Stop));
        totals = await account.TotalsAsync();
        Assert.Equal((balance.Credited, balance.Spent), (totals.Credited, totals.Spent));
        Assert.NotEqual(0UL, totals.Forfeited);

        ulong SumOf(string way) => entries.Where(entry => entry.Way == way).Aggregate(0UL, (sum, entry) => sum + entry.Amount);
        ulong Sum(StatementKind kind) => entries.Where(entry => entry.Kind == kind).Aggregate(0UL, (sum, entry) => sum + entry.Amount);
    }

    [Fact]
    public async Task Five_years_of_hours_and_days_have_a_bounded_size_and_their_sums_stay_exact()
    {
        var account = new BooksUnderTest(fixture.Store);
        await account.PayAsync(1_000_000);
        ulong spent = 0;
        // Every hour for a hundred days, then now and then for six years.
        for (var hour = 0; hour < 2400; hour++) await SpendAsync(TimeSpan.FromHours(1));
        Assert.InRange((await account.LengthsAsync()).Hours, 2160, 2190);
        var hours = await account.LinesAsync(BookStep.Hour);
        Assert.InRange(hours.Count, 2160, 2190);
        Assert.All(hours.Skip(1), line => Assert.InRange(line.Totals.Calls, 1UL, 19UL));
        var (first, last) = (hours[10], hours[20]);
        Assert.Equal(hours.Skip(10).Take(10), await account.LinesAsync(BookStep.Hour, first.Start, last.Start));
        for (var day = 0; day < 6 * 365; day++) await SpendAsync(TimeSpan.FromHours(24.5));

        var lengths = await account.LengthsAsync();
        Assert.InRange(lengths.Hours, 80, 2190);
        Assert.InRange(lengths.Days, 1650, 1830);
        var days = await account.LinesAsync(BookStep.Day);
        Assert.Equal(spent, (await account.TotalsAsync()).Calls);
        Assert.Equal(await account.TotalsAsync(), BooksUnderTest.Sum(days));
        Assert.All(days.Skip(1), line => Assert.InRange(line.Totals.Calls, 1UL, 2UL * 20));
        var year = days[^1].Start.AddDays(-400);
        Assert.Equal(days.Where(line => line.Start >= year), await account.LinesAsync(BookStep.Day, year));

        async Task SpendAsync(TimeSpan after)
        {
            account.Pass(after);
            spent += 1 + (spent % 19);
            await account.SpendAsync(spent - (await account.TotalsAsync()).Calls);
        }
    }

    [Fact]
    public async Task An_account_that_was_paid_little_has_fewer_lines_and_their_sum_is_exact()
    {
        var account = new BooksUnderTest(fixture.Store, new Prices(1_000, 1_000, 60_000, 20_000));
        await account.PayAsync(60_000);
        for (var hour = 0; hour < 2000; hour++)
        {
            account.Pass(TimeSpan.FromHours(1));
            await account.SpendAsync(1);
        }

        var lengths = await account.LengthsAsync();
        Assert.InRange(lengths.Hours, 48 + (12 * 3), 48 + (12 * 3) + 24);
        Assert.InRange(lengths.Days, 50, 30 + (10 * 3) + 2);
        Assert.All(await account.LinesAsync(BookStep.Hour), line => Assert.Equal(1UL, line.Totals.Calls));
        Assert.Equal(await account.TotalsAsync(), BooksUnderTest.Sum(await account.LinesAsync(BookStep.Day)));
    }

    [Fact]
    public async Task The_hour_before_a_long_pause_is_its_days_line_at_once()
    {
        var account = new BooksUnderTest(fixture.Store);
        await account.PayAsync(1000);
        for (var i = 1; i <= 3; i++)
        {
            account.Pass(TimeSpan.FromDays(200));
            await account.SpendAsync((ulong)i);
        }

        Assert.Equal((0, 3), ((await account.LengthsAsync()).Hours, (await account.LengthsAsync()).Days));
        Assert.Equal([0UL, 1, 2, 3], (await account.LinesAsync(BookStep.Day)).Select(line => line.Totals.Calls));
        Assert.Equal(3UL, Assert.Single(await account.LinesAsync(BookStep.Hour)).Totals.Calls);
    }

    [Fact]
    public async Task A_crash_between_an_hour_and_the_money_counts_nothing_twice_and_loses_nothing()
    {
        var account = new BooksUnderTest(fixture.Store);
        await account.PayAsync(1000);
        await account.SpendAsync(1);
        account.Pass(TimeSpan.FromHours(1));

        // The store ends the script after it has written the hour that is over, and before the money.
        const string Money = "  redis.call('HSET', KEYS[1], (table.unpack or unpack)(fields))";
        account.Scripts.Broken = (Money, "error('a crash')\n" + Money);
        Assert.Equal(SpendOutcome.Unavailable, (await account.Ledger.SpendAsync(account.Id, 10, Stop)).Outcome);
        account.Scripts.Broken = null;
        Assert.Equal(1, (await account.LengthsAsync()).Hours);
        Assert.Equal(1UL, BooksUnderTest.Sum(await account.LinesAsync(BookStep.Hour)).Calls);

        await account.SpendAsync(10);
        account.Pass(TimeSpan.FromHours(1));
        await account.SpendAsync(100);
        Assert.Equal([1UL, 10, 100], (await account.LinesAsync(BookStep.Hour)).Select(line => line.Totals.Calls));
        Assert.Equal(2, (await account.LengthsAsync()).Hours);
    }

    [Fact]
    public async Task An_account_from_before_the_books_begins_them_with_what_it_had()
    {
        var account = new BooksUnderTest(fixture.Store);
        await fixture.Store.Database.HashSetAsync(BalanceKeys.Account(account.Id),
            [new("credited", "500"), new("balance", "400"), new("spent", "100"), new("leased", "0"), new("leases", ""), new("recall", "")]);
        Assert.Equal(new BookTotals { CreditedBefore = 500, SpentBefore = 100 }, await account.TotalsAsync());
        account.Pass(TimeSpan.FromHours(2));
        await account.SpendAsync(7);

        Assert.Equal(new BookTotals { CreditedBefore = 500, SpentBefore = 100, Calls = 7 }, await account.TotalsAsync());
        Assert.Equal(await account.TotalsAsync(), BooksUnderTest.Sum(await account.LinesAsync(BookStep.Hour)));

        // A gateway of the version before, beside those that write books.
        await fixture.Store.Database.HashSetAsync(BalanceKeys.Account(account.Id), [new("credited", "600"), new("balance", "493")]);
        account.Pass(TimeSpan.FromHours(1));
        await account.SpendAsync(1);
        Assert.Equal(new BookTotals { CreditedBefore = 600, SpentBefore = 100, Calls = 8 }, await account.TotalsAsync());
        Assert.Equal(await account.TotalsAsync(), BooksUnderTest.Sum(await account.LinesAsync(BookStep.Hour)));
    }

    [Fact]
    public async Task A_clock_that_was_ahead_for_a_while_leaves_the_lines_in_order_and_their_sum_exact()
    {
        var account = new BooksUnderTest(fixture.Store);
        await account.PayAsync(1000);
        account.Pass(TimeSpan.FromDays(3));
        await account.SpendAsync(1);
        account.Pass(TimeSpan.FromHours(1));
        await account.SpendAsync(2);
        account.Pass(TimeSpan.FromDays(-2));
        await account.SpendAsync(4);
        account.Pass(TimeSpan.FromHours(1));
        await account.SpendAsync(8);

        var lines = await account.LinesAsync(BookStep.Hour);
        Assert.Equal(lines.OrderBy(line => line.Start), lines);
        Assert.Equal(15UL, BooksUnderTest.Sum(lines).Calls);
        Assert.Equal(await account.TotalsAsync(), BooksUnderTest.Sum(await account.LinesAsync(BookStep.Day)));
    }

    [Fact]
    public async Task Sums_over_a_life_may_be_more_than_an_account_can_hold()
    {
        var account = new BooksUnderTest(fixture.Store);
        for (var i = 0; i < 3; i++)
        {
            await account.Ledger.AdjustAsync(account.Id, long.MaxValue, $"up {i}", "a test", "a test", Stop);
            await account.Ledger.AdjustAsync(account.Id, -long.MaxValue, $"down {i}", "a test", "a test", Stop);
        }
        await account.PayAsync(5);

        var totals = await account.TotalsAsync();
        Assert.Equal((ulong.MaxValue, ulong.MaxValue, 5UL), (totals.AdjustedUp, totals.AdjustedDown, totals.PaidByStream));
    }

    [Fact]
    public async Task There_are_no_books_of_an_account_that_was_never_paid()
    {
        var account = new BooksUnderTest(fixture.Store);

        Assert.Null(await account.Books.ReadTotalsAsync(account.Id, Stop));
        Assert.Empty(await account.LinesAsync(BookStep.Hour));
        Assert.Empty(await account.EntriesAsync());
    }
}

/// <summary>On a real Redis.</summary>
public sealed class RedisBooksTests(RedisFixture fixture) : BooksContract(fixture), IClassFixture<RedisFixture>;

/// <summary>On Garnet inside the process.</summary>
public sealed class GarnetBooksTests(GarnetFixture fixture) : BooksContract(fixture), IClassFixture<GarnetFixture>;
