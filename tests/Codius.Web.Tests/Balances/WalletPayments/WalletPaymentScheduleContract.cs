using System.Net;
using Codius.Web.Balances;
using Codius.Web.Balances.WalletPayments;

namespace Codius.Web.Tests.Balances.WalletPayments;

/// <summary>When the gateways look at payments of the receiving wallet, on every kind of store; each test has the whole store.</summary>
public abstract class WalletPaymentScheduleContract(StoreFixture fixture) : IAsyncLifetime
{
    private readonly ScheduleUnderTest _schedule = new(fixture.Store);

    private WalletPaymentSchedule Schedule => _schedule.Schedule;

    public async ValueTask InitializeAsync() => await _schedule.ResetAsync();

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _schedule.AssertConsistentAsync();
    }

    [Fact]
    public async Task What_is_kept_of_a_payment_is_found_until_it_has_ended()
    {
        var payment = await _schedule.OpenAsync();
        Assert.Equal(payment, await Schedule.FindAsync(payment.Id));
        Assert.Equal(payment.ToTerms(), (await Schedule.FindAsync(payment.Id))!.ToTerms());
        Assert.Null(await Schedule.FindAsync(Guid.NewGuid()));
        Assert.Equal(1, await Schedule.CountAsync());

        _schedule.Pass(1);
        await Schedule.LookedAsync(await _schedule.ClaimOneAsync(), LookResult.Ended);

        Assert.Null(await Schedule.FindAsync(payment.Id));
        Assert.Equal(0, await Schedule.CountAsync());
        Assert.Empty(await _schedule.ClaimAsync());
        Assert.Null(await _schedule.NextAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task It_is_looked_at_after_1_2_4_8_16_30_30_seconds(bool hot)
    {
        var opened = await _schedule.NowAsync();
        var payment = await _schedule.OpenAsync(hot: hot);
        Assert.InRange(await _schedule.DueAsync(payment.Id), Math.Floor(opened) + 1000, await _schedule.NowAsync() + 1000);
        _schedule.Pass(1);

        foreach (var (seconds, unchanged) in ((double, int)[])[(2, 1), (4, 2), (8, 3), (16, 4), (30, 5), (30, 6), (30, 7)])
        {
            var look = await _schedule.ClaimOneAsync();
            Assert.Equal((unchanged, false), (look.Unchanged, look.Closing));
            await _schedule.IsDueAfterAsync(seconds, look, LookResult.Unchanged);
            Assert.InRange((await _schedule.NextAsync())!.Value.TotalSeconds, 0, seconds);
            _schedule.Pass(seconds);
        }
    }

    [Fact]
    public async Task A_hint_makes_it_due_at_once_and_then_after_1_2_4_seconds_again()
    {
        var payment = await _schedule.OpenAsync();
        await Schedule.HintAsync(payment.Id);

        foreach (var seconds in (double[])[1, 2, 4])
        {
            await _schedule.IsDueAfterAsync(seconds, await _schedule.ClaimOneAsync(), LookResult.Unchanged);
            _schedule.Pass(seconds);
        }
        await Schedule.HintAsync(payment.Id);
        var look = await _schedule.ClaimOneAsync();
        Assert.Equal(0, look.Unchanged);
        await _schedule.IsDueAfterAsync(1, look, LookResult.Increased);
    }

    [Fact]
    public async Task Hints_in_a_row_neither_move_it_back_nor_make_it_due_more_than_twice_a_second()
    {
        var payment = await _schedule.OpenAsync();
        await Schedule.HintAsync(payment.Id);
        var due = await _schedule.DueAsync(payment.Id);
        _schedule.Pass(10);
        await Schedule.HintAsync(payment.Id);
        Assert.Equal(due, await _schedule.DueAsync(payment.Id));

        var claimed = await _schedule.NowAsync();
        var look = await _schedule.ClaimOneAsync();
        await Schedule.LookedAsync(look, LookResult.Unchanged);
        await Schedule.HintAsync(payment.Id);

        Assert.True(await _schedule.DueAsync(payment.Id) >= Math.Floor(claimed) + 500);
        _schedule.Pass(1);
        await _schedule.ClaimOneAsync();
    }

    [Fact]
    public async Task A_hint_during_a_look_makes_another_look_follow()
    {
        var payment = await _schedule.OpenAsync();
        _schedule.Pass(1);
        var look = await _schedule.ClaimOneAsync();
        await Schedule.HintAsync(payment.Id);
        Assert.Empty(await _schedule.ClaimAsync());

        await Schedule.LookedAsync(look, LookResult.Unchanged);
        _schedule.Pass(0.5);

        Assert.Equal(0, (await _schedule.ClaimOneAsync()).Unchanged);
    }

    [Fact]
    public async Task A_claim_that_is_not_finished_is_due_again_and_the_later_claim_decides()
    {
        var payment = await _schedule.OpenAsync(ends: 36_000);
        _schedule.Pass(1);
        var first = await _schedule.ClaimOneAsync(TimeSpan.FromHours(1));
        _schedule.Pass(1800);
        Assert.Empty(await _schedule.ClaimAsync());
        _schedule.Pass(1800);
        var second = await _schedule.ClaimOneAsync();

        var due = await _schedule.DueAsync(payment.Id);
        foreach (var late in (LookResult[])[LookResult.Unchanged, LookResult.Increased, LookResult.Failed(TimeSpan.FromHours(1))])
            await Schedule.LookedAsync(first, late);
        Assert.Equal(due, await _schedule.DueAsync(payment.Id));

        await _schedule.IsDueAfterAsync(2, second, LookResult.Unchanged);
        await Schedule.LookedAsync(first, LookResult.Ended); // whichever gateway saw it: it is true
        Assert.False(await _schedule.IsKeptAsync(payment.Id));
        await Schedule.LookedAsync(second, LookResult.Unchanged);
    }

    [Fact]
    public async Task A_wallet_that_asks_for_a_pause_gets_it()
    {
        await _schedule.OpenAsync();
        _schedule.Pass(1);
        await _schedule.IsDueAfterAsync(77, await _schedule.ClaimOneAsync(), LookResult.Failed(TimeSpan.FromSeconds(77)));
        _schedule.Pass(77);
        await _schedule.IsDueAfterAsync(4, await _schedule.ClaimOneAsync(), LookResult.Failed());
    }

    [Fact]
    public async Task The_last_look_at_an_open_one_is_5_seconds_after_its_end()
    {
        var payment = await _schedule.OpenAsync(ends: 20);
        var last = payment.ExpiresAt.AddSeconds(5).ToUnixTimeMilliseconds();
        _schedule.Pass(1);
        double due;
        do
        {
            await Schedule.LookedAsync(await _schedule.ClaimOneAsync(), LookResult.Unchanged);
            due = await _schedule.DueAsync(payment.Id);
            _schedule.Pass((due - await _schedule.NowAsync() + 1) / 1000);
        }
        while (due < last);
        Assert.Equal(last, due);

        // As long as it cannot be read it is kept, and looked at less and less often.
        foreach (var (after, wait) in ((double, double)[])[(0, 30), (3600 - 5, 450), (24 * 3600, 3600)])
        {
            _schedule.Pass(after);
            var look = await _schedule.ClaimOneAsync();
            var (from, to) = await _schedule.LookedAsync(look, LookResult.Failed(), wait);
            Assert.InRange(await _schedule.DueAsync(payment.Id), from - 1000, to + 10_000);
            _schedule.Pass(wait);
        }
    }

    [Fact]
    public async Task A_closing_one_is_due_at_once_and_not_found_any_more()
    {
        var payment = await _schedule.OpenAsync();
        await Schedule.CloseAsync(payment.Id);

        Assert.Null(await Schedule.FindAsync(payment.Id));
        Assert.Equal(1, await Schedule.CountAsync());
        await Schedule.HintAsync(payment.Id);
        var look = await _schedule.ClaimOneAsync();
        Assert.True(look.Closing);
        await _schedule.IsDueAfterAsync(1, look, LookResult.Failed());
        _schedule.Pass(1);
        await Schedule.LookedAsync(await _schedule.ClaimOneAsync(), LookResult.Ended);
        Assert.Equal(0, await Schedule.CountAsync());
    }

    [Fact]
    public async Task One_that_is_closed_during_a_look_is_claimed_for_it_right_after()
    {
        var payment = await _schedule.OpenAsync();
        _schedule.Pass(1);
        var look = await _schedule.ClaimOneAsync();
        await Schedule.CloseAsync(payment.Id);
        await Schedule.LookedAsync(look, LookResult.Increased);
        _schedule.Pass(1);

        Assert.True((await _schedule.ClaimOneAsync()).Closing);
    }

    [Fact]
    public async Task An_account_with_hundreds_of_due_payments_delays_no_other_accounts_one()
    {
        var many = await _schedule.OpenAsync(300, "many");
        foreach (var payment in many) await Schedule.HintAsync(payment.Id);
        _schedule.Pass(1);
        Assert.Equal(20, (await _schedule.ClaimAsync(20)).Count);
        WalletPayment[] others = [await _schedule.OpenAsync("aaa"), await _schedule.OpenAsync("other"), await _schedule.OpenAsync("zzz")];
        foreach (var other in others) await Schedule.HintAsync(other.Id);

        var looks = await _schedule.ClaimAsync(8);

        Assert.Subset(looks.Select(look => look.Payment.Id).ToHashSet(), others.Select(other => other.Id).ToHashSet());
        Assert.Equal(8, looks.Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_strangers_many_payments_on_an_app_delay_no_look_at_its_payers(bool areLooked)
    {
        await _schedule.OpenAsync(1_000, "app", IPAddress.Parse("203.0.113.1"));
        _schedule.Pass(1);
        if (areLooked)
        {
            // Not hinted at, so that they stay idle after the first look.
            foreach (var look in await _schedule.ClaimAsync(1_000)) await Schedule.LookedAsync(look, LookResult.Unchanged);
            _schedule.Pass(2);
        }
        var payment = await _schedule.OpenAsync("app");
        await Schedule.HintAsync(payment.Id);

        Assert.Contains(payment.Id, (await _schedule.ClaimAsync(2)).Select(look => look.Payment.Id));
    }

    [Fact]
    public async Task Hints_at_a_strangers_many_payments_on_an_app_take_turns_with_its_payers()
    {
        foreach (var many in await _schedule.OpenAsync(300, "app", IPAddress.Parse("203.0.113.1"))) await Schedule.HintAsync(many.Id);
        _schedule.Pass(1);
        Assert.Equal(20, (await _schedule.ClaimAsync(20)).Count);
        var payment = await _schedule.OpenAsync("app");
        await Schedule.HintAsync(payment.Id);

        Assert.Contains(payment.Id, (await _schedule.ClaimAsync(3)).Select(look => look.Payment.Id));
    }

    [Fact]
    public async Task One_that_is_made_for_its_payer_to_hint_at_is_idle_until_a_hint_or_money_comes()
    {
        var (hinted, paid) = (await _schedule.OpenAsync(), await _schedule.OpenAsync("paid"));
        _schedule.Pass(1);
        foreach (var look in await _schedule.ClaimAsync())
        {
            await Schedule.LookedAsync(look, look.Payment.Id == paid.Id ? LookResult.Increased : LookResult.Unchanged);
        }
        Assert.Equal(("idle", "hot"), (await _schedule.ClassAsync(hinted.Id), await _schedule.ClassAsync(paid.Id)));

        await Schedule.HintAsync(hinted.Id);
        Assert.Equal("hot", await _schedule.ClassAsync(hinted.Id));
        _schedule.Pass(0.5);
        var again = (await _schedule.ClaimAsync()).Single(look => look.Payment.Id == hinted.Id);
        await Schedule.LookedAsync(again, LookResult.Unchanged);
        Assert.Equal("hot", await _schedule.ClassAsync(hinted.Id));
    }

    [Fact]
    public async Task Accounts_that_are_invented_for_nothing_take_turns_as_their_client()
    {
        for (var i = 0; i < 50; i++)
            await Schedule.HintAsync((await _schedule.OpenAsync(Token($"flood {i}"), IPAddress.Parse("203.0.113.1"))).Id);
        _schedule.Pass(1);
        Assert.Equal(20, (await _schedule.ClaimAsync(20)).Count);
        WalletPayment[] others = [await _schedule.OpenAsync(Token("other")), await _schedule.OpenAsync("app")];
        foreach (var other in others) await Schedule.HintAsync(other.Id);

        var looks = await _schedule.ClaimAsync(3);

        Assert.Subset(looks.Select(look => look.Payment.Id).ToHashSet(), others.Select(other => other.Id).ToHashSet());
        Assert.Equal(others[0].Account, looks.Single(look => look.Payment.Id == others[0].Id).Payment.Account);

        static string Token(string text) => AccountId.OfDeployToken(text).ToString();
    }

    [Fact]
    public async Task Hot_ones_go_first_and_idle_ones_still_get_their_part()
    {
        foreach (var account in (string[])["one", "two", "three"]) await _schedule.OpenAsync(20, account);
        _schedule.Pass(2);
        var hot = new List<WalletPayment>();
        for (var i = 0; i < 20; i++) hot.Add(await _schedule.OpenAsync("hot"));
        foreach (var payment in hot) await Schedule.HintAsync(payment.Id);

        var looks = await _schedule.ClaimAsync(16);

        var (hotLooks, idle) = (looks.Count(look => look.Unchanged == 0), looks.Count(look => look.Unchanged == 1));
        Assert.Equal((12, 4), (hotLooks, idle));
    }

    [Fact]
    public async Task What_was_placed_while_the_stores_clock_was_ahead_is_looked_at_all_the_same()
    {
        const double Day = 24 * 3600;
        var before = await _schedule.OpenAsync("app");
        _schedule.Pass(Day);
        var looked = await _schedule.ClaimOneAsync();
        Assert.Equal(before.Id, looked.Payment.Id);
        await Schedule.LookedAsync(looked, LookResult.Unchanged);
        List<WalletPayment> payments = [before, await _schedule.OpenAsync("app"), await _schedule.OpenAsync("other", hot: true)];
        payments.Add(await _schedule.OpenAsync("claimed"));
        _schedule.Pass(1);
        Assert.NotEmpty(await _schedule.ClaimAsync());
        _schedule.Pass(-Day);
        payments.Add(await _schedule.OpenAsync("app"));

        var found = new HashSet<Guid>();
        for (var claims = 0; claims < 12; claims++)
        {
            _schedule.Pass(1);
            found.UnionWith((await _schedule.ClaimAsync()).Select(look => look.Payment.Id));
        }
        Assert.Equal(payments.Select(payment => payment.Id).ToHashSet(), found);
    }

    [Fact]
    public async Task A_hint_at_one_that_was_looked_at_while_the_stores_clock_was_ahead_makes_it_due()
    {
        const double Day = 24 * 3600;
        var payment = await _schedule.OpenAsync(ends: 2 * Day);
        _schedule.Pass(Day);
        await Schedule.LookedAsync(await _schedule.ClaimOneAsync(), LookResult.Unchanged);
        _schedule.Pass(-Day);

        await Schedule.HintAsync(payment.Id);

        Assert.True(await _schedule.DueAsync(payment.Id) <= await _schedule.NowAsync() + 500);
    }

    [Theory]
    [InlineData("x", 256, 5, 5)]
    [InlineData("x", 30, 1024, 5)]
    [InlineData("x", 30, 5, 161)]
    [InlineData("\n", 30, 5, 5)]
    public async Task What_is_too_long_to_be_kept_is_refused(string text, int url, int address, int terms)
    {
        var payment = ScheduleUnderTest.New();
        Assert.True(payment.CanBeKept);
        payment = payment with
        {
            Url = new Uri("https://w.example/".PadRight(url, 'x')),
            IlpAddress = string.Concat(Enumerable.Repeat(text, address)),
            Terms = new string('x', terms),
        };

        Assert.False(payment.CanBeKept);
        await Assert.ThrowsAsync<ArgumentException>(async () => await Schedule.TryOpenAsync(payment, null, hot: false));
        Assert.Equal(0, await Schedule.CountAsync());
    }
}

/// <summary>On a real redis-server.</summary>
public sealed class WalletPaymentScheduleOnRedisTests(RedisFixture fixture)
    : WalletPaymentScheduleContract(fixture), IClassFixture<RedisFixture>;

/// <summary>On Garnet inside the process.</summary>
public sealed class WalletPaymentScheduleOnGarnetTests(GarnetFixture fixture)
    : WalletPaymentScheduleContract(fixture), IClassFixture<GarnetFixture>;
