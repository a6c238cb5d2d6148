using System.Net;
using Codius.Web.Balances;
using Codius.Web.Balances.WalletPayments;

namespace Codius.Web.Tests.Balances.WalletPayments;

/// <summary>How many payments of the receiving wallet are kept, and which of them give way, on every kind of store.</summary>
public abstract class WalletPaymentRoomContract(StoreFixture fixture) : IAsyncLifetime
{
    private const int Most = 20;

    private static readonly IPAddress Flood = IPAddress.Parse("203.0.113.1");
    private readonly ScheduleUnderTest _schedule = new(fixture.Store);

    private protected ScheduleUnderTest Payments => _schedule;

    private WalletPaymentSchedule Schedule => _schedule.Schedule;

    public async ValueTask InitializeAsync() => await _schedule.ResetAsync(Most);

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_flood_from_one_network_displaces_its_own_and_they_are_closed_not_forgotten()
    {
        var others = new List<WalletPayment>();
        for (var i = 1; i <= 5; i++) others.Add(await _schedule.OpenAsync(from: IPAddress.Parse($"198.51.100.{i}")));

        var flood = new List<WalletPayment>();
        for (var i = 0; i < Most + 5; i++) flood.Add(await _schedule.OpenAsync(from: Flood));

        foreach (var other in others) Assert.NotNull(await Schedule.FindAsync(other.Id));
        Assert.Equal(Most + 10, await Schedule.CountAsync());
        Assert.NotNull(await Schedule.FindAsync(flood[^1].Id));
        var closing = 0;
        foreach (var payment in flood) closing += await _schedule.IsClosingAsync(payment.Id) ? 1 : 0;
        Assert.Equal(10, closing);
        Assert.Equal(10, (await _schedule.ClaimAsync()).Count(look => look.Closing));
        await _schedule.AssertConsistentAsync();
    }

    [Fact]
    public async Task A_network_whose_payments_are_not_completed_as_fast_as_it_makes_them_is_refused_and_others_are_not()
    {
        var made = 0;
        while (await Schedule.TryOpenAsync(ScheduleUnderTest.New(), Flood, hot: false)) made++;
        Assert.InRange(made, Most + 1, (2 * Most) - 5);

        for (var i = 1; i <= 5; i++) await _schedule.OpenAsync(from: IPAddress.Parse($"198.51.100.{i}"));
        Assert.False(await Schedule.TryOpenAsync(ScheduleUnderTest.New(), Flood, hot: false));
        await _schedule.AssertConsistentAsync();

        // Its closing ones are worked off before all that is idle.
        _schedule.Pass(1);
        Assert.Equal(3, (await _schedule.ClaimAsync(4)).Count(look => look.Closing));
        for (var i = 0; i < 4; i++) await _schedule.CompleteClosingAsync();
        Assert.True(await Schedule.TryOpenAsync(ScheduleUnderTest.New(), Flood, hot: false));
        await _schedule.AssertConsistentAsync();
    }

    [Fact]
    public async Task Full_of_open_and_closing_ones_it_takes_no_more_until_one_is_forgotten()
    {
        for (var i = 1; i <= 2 * Most; i++) await _schedule.OpenAsync(from: IPAddress.Parse($"203.0.113.{i}"));

        var refused = ScheduleUnderTest.New();
        Assert.False(await Schedule.TryOpenAsync(refused, ScheduleUnderTest.Client, hot: true));
        Assert.Null(await Schedule.FindAsync(refused.Id));
        Assert.Equal(2 * Most, await Schedule.CountAsync());

        await Schedule.LookedAsync((await _schedule.ClaimAsync(1))[0], LookResult.Ended);
        Assert.True(await Schedule.TryOpenAsync(refused, ScheduleUnderTest.Client, hot: true));
        await _schedule.AssertConsistentAsync();
    }

    [Fact]
    public async Task The_idlest_goes_first_and_rather_one_without_money()
    {
        var paid = await _schedule.OpenAsync();
        _schedule.Pass(1);
        await Schedule.LookedAsync(await _schedule.ClaimOneAsync(), LookResult.Increased);
        var first = await _schedule.OpenAsync();
        _schedule.Pass(1);
        var hinted = await _schedule.OpenAsync();
        for (var i = 0; i < Most - 3; i++) await _schedule.OpenAsync();
        _schedule.Pass(120);
        await Schedule.HintAsync(hinted.Id);

        await _schedule.OpenAsync();
        Assert.True(await _schedule.IsClosingAsync(first.Id));
        for (var i = 0; i < Most - 3; i++)
        {
            await _schedule.OpenAsync();
            await _schedule.CompleteClosingAsync();
        }
        Assert.False(await _schedule.IsClosingAsync(paid.Id));
        Assert.False(await _schedule.IsClosingAsync(hinted.Id));

        // The paid one is idle for minutes, all others came just now.
        await _schedule.OpenAsync();
        Assert.True(await _schedule.IsClosingAsync(paid.Id));
        Assert.False(await _schedule.IsClosingAsync(hinted.Id));
        await _schedule.AssertConsistentAsync();
    }

    [Fact]
    public async Task A_network_of_addresses_is_one_client()
    {
        WalletPayment[] honest = [await _schedule.OpenAsync(), await _schedule.OpenAsync()];

        for (var i = 1; i < Most + 5; i++) await _schedule.OpenAsync(from: IPAddress.Parse($"2001:db8:1:{i:x}::{i:x}"));

        foreach (var payment in honest) Assert.NotNull(await Schedule.FindAsync(payment.Id));
        await _schedule.AssertConsistentAsync();
    }

    [Fact]
    public async Task One_that_is_closed_while_it_is_looked_at_is_closed_after_the_look()
    {
        var looked = await _schedule.OpenAsync(from: Flood);
        _schedule.Pass(1);
        var look = await _schedule.ClaimOneAsync(TimeSpan.FromHours(1));
        for (var i = 0; i < Most; i++) await _schedule.OpenAsync(from: Flood);
        Assert.True(await _schedule.IsClosingAsync(looked.Id));

        await Schedule.LookedAsync(look, LookResult.Increased);
        _schedule.Pass(0.5);

        Assert.Contains(await _schedule.ClaimAsync(), due => due.Closing && due.Payment.Id == looked.Id);
        await _schedule.AssertConsistentAsync();
    }

    [Fact]
    public async Task Opened_twice_it_is_kept_once()
    {
        var payment = await _schedule.OpenAsync();

        Assert.True(await Schedule.TryOpenAsync(payment, Flood, hot: true));

        Assert.Equal(1, await Schedule.CountAsync());
        await _schedule.AssertConsistentAsync();
    }

    // Each key is written by a line of its own; a store that dies between two of them has some of them.
    [Theory]
    [InlineData(0, false)]
    [InlineData(1, false)]
    [InlineData(2, true)]
    [InlineData(3, true)]
    [InlineData(4, false)]
    [InlineData(6, false)]
    [InlineData(8, true)]
    public async Task What_a_crash_left_half_written_disturbs_no_other_payment_and_is_removed(int lost, bool isKept)
    {
        for (var i = 0; i < 5; i++) await _schedule.OpenAsync("crashed", Flood, hot: i % 2 == 0);
        await fixture.Store.Database.KeyDeleteAsync(BalanceKeys.WalletPayments[lost]);
        var payments = new List<WalletPayment>();
        for (var i = 0; i < 5; i++) payments.Add(await _schedule.OpenAsync("hello"));
        _schedule.Pass(1);

        var looks = await _schedule.ClaimAsync();
        Assert.Superset(payments.Select(payment => payment.Id).ToHashSet(), looks.Select(look => look.Payment.Id).ToHashSet());
        if (lost is 0 or 1) Assert.Equal(5, looks.Count);
        if (isKept) Assert.Equal(10, looks.Count);
        for (var i = 0; i < Most; i++) await _schedule.OpenAsync("more", Flood);

        foreach (var payment in payments) Assert.NotNull(await Schedule.FindAsync(payment.Id));
        Assert.True(await Schedule.CountAsync() <= 2 * Most);
        if (lost is 0 or 1) await _schedule.AssertConsistentAsync();
    }

    [Fact]
    public async Task A_place_in_a_queue_that_a_crash_left_behind_is_removed_and_the_payment_is_looked_at_once()
    {
        var payment = await _schedule.OpenAsync();
        var keys = BalanceKeys.WalletPayments;
        foreach (var queue in (int[])[4, 6])
        {
            await fixture.Store.Database.SortedSetAddAsync(keys[queue], $"hello:1700000000000:{payment.Id:D}", 0);
            await fixture.Store.Database.SortedSetAddAsync(keys[queue + 1], "hello", 0);
        }
        Assert.Empty(await _schedule.ClaimAsync());
        await _schedule.AssertConsistentAsync();

        _schedule.Pass(1);
        await _schedule.ClaimOneAsync();
    }
}

/// <summary>On a real redis-server, which counts its commands.</summary>
public sealed class WalletPaymentRoomOnRedisTests : WalletPaymentRoomContract, IClassFixture<RedisFixture>
{
    private readonly RedisFixture _fixture;

    public WalletPaymentRoomOnRedisTests(RedisFixture fixture)
        : base(fixture) => _fixture = fixture;

    [Fact]
    public async Task Claims_are_as_much_work_for_ten_thousand_open_payments_as_for_a_hundred()
    {
        var work = new List<long>();
        foreach (var count in (int[])[1, 100, 10_000])
        {
            await Payments.ResetAsync();
            for (var account = 0; account < 10; account++) await Payments.OpenAsync(Math.Max(1, count / 10), $"app{account}");
            Payments.Pass(2);
            await Payments.Schedule.ClaimAsync(1, TimeSpan.FromSeconds(60)); // the script is loaded
            var before = await CommandsAsync();
            var looks = await Payments.ClaimAsync(8, TimeSpan.FromSeconds(60));
            work.Add(await CommandsAsync() - before);
            Assert.Equal(8, looks.Count);
            Assert.Equal(8, looks.DistinctBy(look => look.Payment.Account).Count());
        }
        // A few are of the connection itself.
        Assert.InRange(work[2], 1, work[1] + 10);
    }

    private async Task<long> CommandsAsync()
    {
        var info = (string)(await _fixture.Store.Database.ExecuteAsync("INFO", "commandstats"))!;
        return info.Split('\n').Where(line => line.StartsWith("cmdstat_", StringComparison.Ordinal) && !line.Contains("ping"))
            .Sum(line => long.Parse(line.Split("calls=")[1].Split(',')[0]));
    }
}

/// <summary>On Garnet inside the process.</summary>
public sealed class WalletPaymentRoomOnGarnetTests(GarnetFixture fixture)
    : WalletPaymentRoomContract(fixture), IClassFixture<GarnetFixture>;
