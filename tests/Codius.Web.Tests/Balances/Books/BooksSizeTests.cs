using System.Globalization;
using Codius.Web.Balances;

namespace Codius.Web.Tests.Balances.Books;

/// <summary>What full books of one account take in a real Redis: as docs/running-a-host.md has it.</summary>
public sealed class BooksSizeTests(RedisFixture fixture) : IClassFixture<RedisFixture>
{
    private const int Kinds = 14;
    private const int Days = 1826;
    private const int Hours = 91 * 24;
    private const int Entries = 1100;
    private const int MostLetters = 500;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Of_visits_running_time_and_payments_of_ten_digits_at_most_500_kB()
    {
        var account = await FullAsync("1234567890", kinds: 3);
        for (var entry = 0; entry < Entries; entry++)
        {
            account.Pass(TimeSpan.FromMilliseconds(1));
            await account.PayAsync(1_000_000_000, string.Create(CultureInfo.InvariantCulture, $"address-{1_800_000_000 + entry}"));
        }

        Assert.InRange(await SizeAsync(account), 200_000, 500_000);
    }

    [Fact]
    public async Task With_the_largest_sums_of_every_kind_and_the_longest_reasons_at_most_4_MB()
    {
        var account = await FullAsync("18446744073709551615", Kinds);
        // Letters of three bytes each, and an admin's key of 64 characters.
        var reason = new string('\u20ac', MostLetters);
        for (var entry = 0; entry < Entries; entry++)
        {
            account.Pass(TimeSpan.FromMilliseconds(1));
            var id = entry.ToString(CultureInfo.InvariantCulture).PadLeft(64, '0');
            var adjusted = await account.Ledger.AdjustAsync(account.Id, 1, id, reason, new string('b', 63), Stop);
            Assert.Equal(SpendOutcome.Done, adjusted.Outcome);
        }

        Assert.InRange(await SizeAsync(account), 2_000_000, 4_000_000);
    }

    /// <summary>Has a line for every day and hour that is kept, with such sums of so many kinds.</summary>
    private async Task<BooksUnderTest> FullAsync(string sum, int kinds)
    {
        var account = new BooksUnderTest(fixture.Store);
        await account.PayAsync(1_000_000_000_000);
        var sums = string.Join(',', Enumerable.Repeat(sum, kinds).Concat(Enumerable.Repeat("", Kinds - kinds)));
        var key = BalanceKeys.Account(account.Id);
        var totals = ((string)(await fixture.Store.Database.HashGetAsync(key, "totals"))!).Split(',');
        await fixture.Store.Database.HashSetAsync(key, "totals", $"{string.Join(',', totals[..4])},{sums}");
        // The last change of an hour is written with the next one: so that each has a line.
        for (var day = 0; day < Days; day++) await SpendAsync(TimeSpan.FromDays(1));
        for (var hour = 0; hour < Hours; hour++) await SpendAsync(TimeSpan.FromHours(1));
        var lengths = await account.LengthsAsync();
        Assert.InRange(lengths.Hours, 2160, Hours);
        Assert.InRange(lengths.Days, 1730, Days + 2);
        return account;

        async Task SpendAsync(TimeSpan after)
        {
            account.Pass(after);
            await account.SpendAsync(1);
        }
    }

    private async Task<long> SizeAsync(BooksUnderTest account)
    {
        var size = 0L;
        foreach (var key in BalanceKeys.Books(BalanceKeys.Account(account.Id)))
            size += (long)await fixture.Store.Database.ExecuteAsync("MEMORY", "USAGE", key, "SAMPLES", 0);
        TestContext.Current.SendDiagnosticMessage($"The books take {size} bytes.");
        return size;
    }
}
