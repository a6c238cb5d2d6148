using System.Net;
using Codius.Testing.Stores;
using Codius.Web.Balances;
using Codius.Web.Balances.WalletPayments;
using StackExchange.Redis;

namespace Codius.Web.Tests.Balances.WalletPayments;

/// <summary>A schedule with short forms of its calls, whose time a test moves ahead.</summary>
internal sealed class ScheduleUnderTest(LedgerStore store)
{
    public static readonly IPAddress Client = IPAddress.Parse("198.51.100.1");

    private static readonly TimeSpan HeldFor = TimeSpan.FromSeconds(20);

    public WalletPaymentSchedule Schedule => store.WalletPayments;

    private IDatabase Database => store.Database;

    public static WalletPayment New(string account = "hello", double endsInSeconds = 600) => new(
        Guid.NewGuid(), AccountId.OfApp(account), "aclient", new Uri("https://wallet.example/incoming-payments/" + Guid.NewGuid()),
        "test.wallet.one", "c2VjcmV0", 7, InWholeMilliseconds(0), InWholeMilliseconds(endsInSeconds), "terms");

    /// <summary>Empties the schedule, and sets its settings and its time back.</summary>
    public async Task ResetAsync(int mostOpen = 10_000)
    {
        await Database.KeyDeleteAsync(BalanceKeys.WalletPayments);
        (store.WalletPaymentSettings.MostOpen, Schedule.Ahead) = (mostOpen, TimeSpan.Zero);
    }

    public void Pass(double seconds) => Schedule.Ahead += TimeSpan.FromSeconds(seconds);

    public async Task<WalletPayment> OpenAsync(string account = "hello", IPAddress? from = null, bool hot = false, double ends = 600)
    {
        var payment = New(account, ends + Schedule.Ahead.TotalSeconds);
        Assert.True(await Schedule.TryOpenAsync(payment, from ?? Client, hot));
        return payment;
    }

    public async Task<WalletPayment[]> OpenAsync(int count, string account, IPAddress? from = null)
    {
        var payments = Enumerable.Range(0, count).Select(_ => New(account)).ToArray();
        foreach (var some in payments.Chunk(500))
            Assert.All(await Task.WhenAll(some.Select(payment => Schedule.TryOpenAsync(payment, from ?? Client, hot: false).AsTask())),
                Assert.True);
        return payments;
    }

    public async Task<IReadOnlyList<DueLook>> ClaimAsync(int most = 100, TimeSpan? heldFor = null) =>
        (await Schedule.ClaimAsync(most, heldFor ?? HeldFor)).Looks;

    /// <summary>Completes all that are about to be.</summary>
    public async Task CompleteClosingAsync()
    {
        foreach (var look in await ClaimAsync(heldFor: TimeSpan.FromMilliseconds(500)))
            if (look.Closing) await Schedule.LookedAsync(look, LookResult.Ended);
        Pass(1);
    }

    public async Task<DueLook> ClaimOneAsync(TimeSpan? heldFor = null) => Assert.Single(await ClaimAsync(heldFor: heldFor));

    /// <summary>Ends a look; returns from when to when the next one may be due, in ms, so that the time it takes does not matter.</summary>
    public async Task<(double From, double To)> LookedAsync(DueLook look, LookResult result, double wait)
    {
        var before = await NowAsync();
        await Schedule.LookedAsync(look, result);
        return (before + (wait * 1000), await NowAsync() + (wait * 1000));
    }

    /// <summary>The look's result makes the next one due after so many seconds.</summary>
    public async Task IsDueAfterAsync(double seconds, DueLook look, LookResult result)
    {
        var (from, to) = await LookedAsync(look, result, seconds);
        Assert.InRange(await DueAsync(look.Payment.Id), Math.Floor(from) - 1, to + 1);
    }

    /// <summary>When the first payment of all is due, without claiming it.</summary>
    public async Task<TimeSpan?> NextAsync() => (await Schedule.ClaimAsync(0, HeldFor)).Next;

    /// <summary>When the payment is due, in milliseconds.</summary>
    public async Task<double> DueAsync(Guid id) => double.Parse((await StateAsync(id))[3]);

    public async Task<string> ClassAsync(Guid id) => (await StateAsync(id))[2];

    public async Task<bool> IsClosingAsync(Guid id) => (await StateAsync(id))[5] == "1";

    public async Task<bool> IsKeptAsync(Guid id) => await Database.HashExistsAsync(BalanceKeys.WalletPayments[1], id.ToString("D"));

    /// <summary>The store's time, and what the schedule is ahead, in milliseconds.</summary>
    public async Task<double> NowAsync()
    {
        var time = (string[])(await Database.ExecuteAsync("TIME"))!;
        return (double.Parse(time[0]) * 1000) + (double.Parse(time[1]) / 1000) + Schedule.Ahead.TotalMilliseconds;
    }

    /// <summary>Every payment is in every list once, and the counts are right.</summary>
    public async Task AssertConsistentAsync()
    {
        var keys = BalanceKeys.WalletPayments;
        var states = (await Database.HashGetAllAsync(keys[1])).ToDictionary(
            state => (string)state.Name!, state => ((string)state.Value!).Split(','));
        Assert.Equal(states.Keys.Order(), (await Database.HashKeysAsync(keys[0])).Select(id => (string)id!).Order());
        var open = states.Where(state => state.Value[5] == "0").ToArray();
        Assert.Equal(
            open.Select(state => $"{state.Value[1]}:{state.Value[6]}:{state.Value[7]}:{state.Key}").Order(StringComparer.Ordinal),
            (await Database.SortedSetRangeByRankAsync(keys[2])).Select(member => (string)member!).Order(StringComparer.Ordinal));
        Assert.Equal(
            open.GroupBy(state => state.Value[1]).Select(group => new SortedSetEntry(group.Key, group.Count()))
                .OrderBy(group => group.Element),
            (await Database.SortedSetRangeByRankWithScoresAsync(keys[3])).OrderBy(group => group.Element));
        Assert.Equal(
            states.Where(state => state.Value[5] == "1").Select(state => $"{state.Value[1]}:{state.Key}").Order(StringComparer.Ordinal),
            (await Database.SortedSetRangeByRankAsync(keys[8])).Select(member => (string)member!).Order(StringComparer.Ordinal));
        foreach (var (kind, at) in ((string, int)[])[("hot", 4), ("idle", 6)])
        {
            var queued = states.Where(state => state.Value[2] == kind).ToArray();
            Assert.Equal(
                queued.Select(state => $"{state.Value[0]}:{state.Value[3]}:{state.Key}").Order(StringComparer.Ordinal),
                (await Database.SortedSetRangeByRankAsync(keys[at])).Select(member => (string)member!).Order(StringComparer.Ordinal));
            Assert.Equal(queued.Select(state => state.Value[0]).Distinct().Order(StringComparer.Ordinal),
                (await Database.SortedSetRangeByRankAsync(keys[at + 1])).Select(account => (string)account!).Order(StringComparer.Ordinal));
        }
    }

    private static DateTimeOffset InWholeMilliseconds(double seconds) =>
        DateTimeOffset.FromUnixTimeMilliseconds(AccountUnderTest.InSeconds(seconds).ToUnixTimeMilliseconds());

    private async Task<string[]> StateAsync(Guid id) =>
        ((string)(await Database.HashGetAsync(BalanceKeys.WalletPayments[1], id.ToString("D")))!).Split(',');
}
