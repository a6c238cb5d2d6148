using Codius.Web.Balances;
using Codius.Web.Balances.Books;

namespace Codius.Web.Tests.Balances.Books;

/// <summary>Books that are read while scripts move their hours to days and drop their oldest entries, on every kind of store.</summary>
public abstract class RollingBooksContract(StoreFixture fixture)
{
    private const ulong OpenAt = 100_000;
    private const int Hours = 24 * 20;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Whenever_the_lines_are_read_nothing_is_missing_and_nothing_is_there_twice(bool byDays)
    {
        var step = byDays ? BookStep.Day : BookStep.Hour;
        // Of an account that was paid little, hours become days after two days.
        var account = new BooksUnderTest(fixture.Store, new Prices(1_000, 1_000, 60_000, OpenAt));
        await account.PayAsync(1);
        for (var paid = 1; paid < Hours; paid += 2)
        {
            // The scripts of two hours come between the calls of one reading.
            var reading = account.LinesAsync(step, byDays ? null : account.Clock.GetUtcNow().AddHours(-30));
            for (var i = 0; i < 2; i++)
            {
                account.Pass(TimeSpan.FromHours(1));
                await account.PayAsync(1);
            }
            var lines = await reading;

            Assert.Equal(lines.Select(line => line.Start).Distinct().Order(), lines.Select(line => line.Start));
            if (byDays) Assert.InRange(BooksUnderTest.Sum(lines).Credited, (ulong)paid, (ulong)paid + 2);
            else Assert.All(lines, line => Assert.Equal(1UL, line.Totals.Credited));
        }

        Assert.InRange((await account.LengthsAsync()).Days, 10, Hours / 24);
        Assert.Equal((await account.TotalsAsync()).Credited, BooksUnderTest.Sum(await account.LinesAsync(BookStep.Day)).Credited);
    }

    [Fact]
    public async Task Pages_of_a_statement_whose_oldest_entries_go_have_each_once_and_all_that_stay()
    {
        // Room for a few dozen.
        var account = new BooksUnderTest(fixture.Store, new Prices(1_000, 1_000, 60_000, OpenAt));
        await account.PayAsync(5 * OpenAt, "first");
        for (var i = 0; i < 40; i++) await PayLaterAsync($"old {i}");
        var before = (await account.EntriesAsync()).Select(entry => entry.Id).ToList();

        var (seen, cursor, come) = (new List<string>(), (string?)null, 0);
        do
        {
            var page = await account.Books.ReadEntriesAsync(account.Id, cursor, 3, Stop);
            seen.AddRange(page.Entries.Select(entry => entry.Id));
            cursor = page.Next;
            for (var i = 0; i < 3; i++) await PayLaterAsync($"new {come++}");
        }
        while (cursor is not null);

        var after = (await account.EntriesAsync()).Select(entry => entry.Id).ToHashSet();
        Assert.True(before.Exists(id => !after.Contains(id)), "Nothing went.");
        Assert.Equal(before.Where(seen.Contains), seen);
        Assert.Empty(before.Where(after.Contains).Except(seen));

        async Task PayLaterAsync(string connection)
        {
            account.Pass(TimeSpan.FromSeconds(1));
            await account.PayAsync(1, connection);
        }
    }
}

/// <summary>On a real Redis.</summary>
public sealed class RedisRollingBooksTests(RedisFixture fixture) : RollingBooksContract(fixture), IClassFixture<RedisFixture>;

/// <summary>On Garnet inside the process.</summary>
public sealed class GarnetRollingBooksTests(GarnetFixture fixture) : RollingBooksContract(fixture), IClassFixture<GarnetFixture>;
