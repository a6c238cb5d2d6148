using Codius.Web.Balances;
using Codius.Web.Balances.Books;

namespace Codius.Web.Tests.Balances.Books;

/// <summary>A day of a host, hour by hour: what its books add up to is what its accounts have, on every kind of store.</summary>
public abstract class DayOfBooksContract(StoreFixture fixture)
{
    private const int Hours = 24;
    private const int Accounts = 3;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(20270101)]
    public async Task After_each_hour_the_lines_of_accounts_and_host_sum_up_to_what_the_accounts_have(int seed)
    {
        await fixture.Store.Database.KeyDeleteAsync([BalanceKeys.HostBooks, .. BalanceKeys.Books(BalanceKeys.HostBooks)[..2]]);
        var random = new Random(seed);
        var accounts = Enumerable.Range(0, Accounts).Select(_ => new BooksUnderTest(fixture.Store)).ToArray();
        var first = accounts[0].Start.AddMinutes(30);
        var atEnds = new List<Balance[]>();
        Pass(accounts, first - accounts[0].Start);
        foreach (var account in accounts) await account.PayAsync(50_000);
        for (var hour = 0; hour < Hours; hour++)
        {
            // Each kind twice or more, in any order, for any account, at any time of the hour.
            var kinds = Enumerable.Range(0, 2 * BookChanges.Kinds + random.Next(10)).Select(at => at % BookChanges.Kinds).ToArray();
            random.Shuffle(kinds);
            foreach (var (at, kind) in kinds.Index())
            {
                var account = accounts[random.Next(Accounts)];
                await BookChanges.MakeAsync(account, kind, (ulong)random.Next(1, 500), $"{hour} {at}");
                Pass(accounts, TimeSpan.FromMilliseconds(random.Next(1, 100_000)));
                if (random.Next(5) == 0) await IncludeAsync(accounts);
            }
            await IncludeAsync(accounts);
            atEnds.Add(await BalancesAsync(accounts));
            Pass(accounts, first.AddHours(hour + 1) - accounts[0].Clock.GetUtcNow());
        }

        var lines = await Task.WhenAll(accounts.Select(account => account.LinesAsync(BookStep.Hour)));
        var ofHost = await accounts[0].Books.ReadHostLinesAsync(BookStep.Hour, first, DateTimeOffset.MaxValue, Stop);
        Assert.Equal(Enumerable.Range(0, Hours).Select(hour => first.AddHours(hour)), ofHost.Select(line => line.Start));
        for (var hour = 0; hour < Hours; hour++)
        {
            var start = first.AddHours(hour);
            for (var at = 0; at < Accounts; at++)
            {
                var until = BooksUnderTest.Sum(lines[at].Where(line => line.Start <= start));
                var balance = atEnds[hour][at];
                Assert.Equal((balance.Credited, balance.Spent), (until.Credited, until.Spent));
                Assert.Equal(balance.Credited, balance.Available + balance.Spent + balance.Leased);
            }
            Assert.Equal(BooksUnderTest.Sum(lines.SelectMany(of => of.Where(line => line.Start == start))), ofHost[hour].Totals);
        }
        foreach (var (at, account) in accounts.Index())
        {
            Assert.Equal(await account.TotalsAsync(), BooksUnderTest.Sum(lines[at]));
            Assert.Equal(await account.TotalsAsync(), BooksUnderTest.Sum(await account.LinesAsync(BookStep.Day)));
        }
        var host = await accounts[0].Books.ReadHostTotalsAsync(Stop);
        Assert.Equal(BooksUnderTest.Sum(ofHost), host);
        Assert.Equal((Sum(balance => balance.Credited), Sum(balance => balance.Spent)), (host.Credited, host.Spent));

        ulong Sum(Func<Balance, ulong> of) => atEnds[^1].Aggregate(0UL, (sum, balance) => sum + of(balance));
    }

    private static void Pass(IEnumerable<BooksUnderTest> accounts, TimeSpan time)
    {
        foreach (var account in accounts) account.Pass(time);
    }

    private async Task IncludeAsync(BooksUnderTest[] accounts) =>
        Assert.True(await new HostBooksWriter(fixture.Store.Store, accounts[0].Scripts).IncludeAsync([.. accounts.Select(one => one.Id)]));

    private static async Task<Balance[]> BalancesAsync(IEnumerable<BooksUnderTest> accounts) =>
        [.. await Task.WhenAll(accounts.Select(async account => Assert.NotNull(await account.Ledger.ReadAsync(account.Id, Stop))))];
}

/// <summary>On a real Redis.</summary>
public sealed class RedisDayOfBooksTests(RedisFixture fixture) : DayOfBooksContract(fixture), IClassFixture<RedisFixture>;

/// <summary>On Garnet inside the process.</summary>
public sealed class GarnetDayOfBooksTests(GarnetFixture fixture) : DayOfBooksContract(fixture), IClassFixture<GarnetFixture>;
