using Codius.Web.Balances;
using Codius.Web.Balances.Incoming;
using Codius.Web.Balances.WalletPayments;
using StackExchange.Redis;

namespace Codius.Web.Tests.Balances;

/// <summary>The ledger's contract for credits by what the receiving wallet received, on every kind of store.</summary>
public abstract class WalletCreditContract
{
    private const double AMonth = 30 * 24 * 3600;
    private const ulong TwoTo53 = 1UL << 53;
    private const ulong Max = long.MaxValue; // what an account can hold

    private readonly StoreFixture _fixture;
    private readonly AccountUnderTest _account;

    protected WalletCreditContract(StoreFixture fixture)
    {
        (_fixture, _account) = (fixture, new AccountUnderTest(fixture.Store));
        (fixture.Store.IncomingSettings.MostKept, fixture.Store.IncomingSettings.MostKeptOfHost) = (1_000, 100_000);
    }

    private IDatabase Database => _fixture.Store.Database;

    [Fact]
    public async Task Only_the_increase_is_credited_and_a_repeat_or_a_lower_total_changes_nothing()
    {
        var payment = New();
        Assert.Equal(new CreditResult(CreditOutcome.Credited, 100, 100, 0, 100), await CreditAsync(payment, 100));
        Assert.Equal(new CreditResult(CreditOutcome.AlreadyCounted, 0, 100, 0, 100), await CreditAsync(payment, 100));
        Assert.Equal(new CreditResult(CreditOutcome.Credited, 50, 150, 0, 150), await CreditAsync(payment, 150));
        foreach (var lower in (ulong[])[0, 1, 100, 149])
            Assert.Equal(new CreditResult(CreditOutcome.AlreadyCounted, 0, 150, 0, 150), await CreditAsync(payment, lower));
        Assert.Equal(new CreditResult(CreditOutcome.Credited, 30, 180, 0, 30), await CreditAsync(New(), 30));
    }

    [Fact]
    public async Task A_payment_without_money_leaves_no_account()
    {
        Assert.Equal(CreditOutcome.AlreadyCounted, (await CreditAsync(New(), 0, completed: true)).Outcome);

        Assert.Null(await _account.BalanceAsync());
        Assert.False(await Database.KeyExistsAsync(BalanceKeys.WalletTotals(_account.Id)[0]));
    }

    [Theory]
    [InlineData(TwoTo53 - 1, TwoTo53)]
    [InlineData(TwoTo53, TwoTo53 + 1)]
    [InlineData(TwoTo53 - 1, TwoTo53 + 1)]
    [InlineData(Max - 1, Max)]
    [InlineData(9UL, 10UL)]
    public async Task Totals_of_any_size_are_counted_to_the_unit(ulong first, ulong second)
    {
        var payment = New();
        Assert.Equal(first, (await CreditAsync(payment, first)).Increase);
        Assert.Equal(new CreditResult(CreditOutcome.Credited, second - first, second, 0, second), await CreditAsync(payment, second));
        Assert.Equal(CreditOutcome.AlreadyCounted, (await CreditAsync(payment, first)).Outcome);
        Assert.Equal(new Balance(second, second, 0, 0), await _account.BalanceAsync());
    }

    [Fact]
    public async Task Totals_above_the_signed_range_are_compared_unsigned()
    {
        var payment = New();
        await Database.HashSetAsync(
            BalanceKeys.WalletTotals(_account.Id)[0], IncomingLedger.IdOf(payment.Id), $"{1UL << 63},{InMilliseconds(60)}");

        Assert.Equal(CreditOutcome.AlreadyCounted, (await CreditAsync(payment, Max)).Outcome);
        Assert.Equal(new CreditResult(CreditOutcome.Credited, Max, Max, 0, ulong.MaxValue), await CreditAsync(payment, ulong.MaxValue));
        Assert.Equal(ulong.MaxValue, (await _fixture.Store.Incoming.FindAsync(_account.Id, payment.Id))!.Received);
    }

    [Theory]
    [InlineData(0UL, 1UL << 63)]
    [InlineData(0UL, ulong.MaxValue)]
    [InlineData(1UL, ulong.MaxValue)]
    [InlineData(Max, 1UL)]
    public async Task What_an_account_cannot_hold_is_refused_whole_and_credited_later(ulong held, ulong total)
    {
        if (held > 0) await _account.PayAsync(held);
        var payment = New();

        Assert.Equal(new CreditResult(CreditOutcome.NoRoom, 0, held, Max - held), await CreditAsync(payment, total));

        Assert.Null(await _fixture.Store.Incoming.FindAsync(_account.Id, payment.Id));
        if (held < Max) Assert.Equal(1UL, (await CreditAsync(payment, 1)).Increase);
    }

    [Fact]
    public async Task Past_its_end_nothing_is_credited()
    {
        var payment = New();
        Assert.Equal(CreditOutcome.Credited, (await CreditAsync(payment, 5)).Outcome);

        Assert.Equal(CreditOutcome.Expired, (await CreditAsync(payment, 9, seconds: -1)).Outcome);
        Assert.Equal(CreditOutcome.Expired, (await CreditAsync(New(), 9, seconds: -1)).Outcome);

        Assert.Equal(new Balance(5, 5, 0, 0), await _account.BalanceAsync());
    }

    [Fact]
    public async Task Fifty_looks_at_once_count_each_unit_once()
    {
        var payment = New();

        var results = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => _fixture.Store.Ledger.CreditAsync(
            Credit(payment, (ulong)(i % 10) + 1), TestContext.Current.CancellationToken).AsTask()));

        Assert.Equal(10UL, results.Aggregate(0UL, (sum, result) => sum + result.Increase));
        Assert.Equal(new Balance(10, 10, 0, 0), await _account.BalanceAsync());
    }

    [Fact]
    public async Task What_is_received_is_shown_on_the_payment_and_in_the_list()
    {
        var payment = New(100);
        await CreditAsync(payment, 60);
        Assert.Equal([new IncomingRecord(payment.Id, 60, false, payment.Terms)], await ListAsync());

        await CreditAsync(payment, 100);
        Assert.Equal([new IncomingRecord(payment.Id, 100, true, payment.Terms)], await ListAsync());

        // More than asked: the money is there, so it is the app's.
        Assert.Equal(20UL, (await CreditAsync(payment, 120)).Increase);
        Assert.Equal([new IncomingRecord(payment.Id, 120, true, payment.Terms)], await ListAsync());
    }

    [Fact]
    public async Task One_that_the_wallet_completed_is_shown_as_completed_and_stays_so()
    {
        var payment = New();
        await CreditAsync(payment, 60);

        Assert.Equal(CreditOutcome.AlreadyCounted, (await CreditAsync(payment, 60, completed: true)).Outcome);
        Assert.True((await _fixture.Store.Incoming.FindAsync(_account.Id, payment.Id))!.Completed);
        Assert.Equal(CreditOutcome.Credited, (await CreditAsync(payment, 61)).Outcome);
        Assert.True((await _fixture.Store.Incoming.FindAsync(_account.Id, payment.Id))!.Completed);
    }

    [Fact]
    public async Task What_arrived_is_credited_though_the_payment_has_ended_or_is_completed()
    {
        var ended = New() with { ExpiresAt = AccountUnderTest.InSeconds(-60) };
        Assert.Equal(CreditOutcome.Credited, (await CreditAsync(ended, 5)).Outcome);

        await _fixture.Store.Incoming.CompleteAsync(_account.Id, ended.Id);
        Assert.Equal(3UL, (await CreditAsync(ended, 8)).Increase);
    }

    [Fact]
    public async Task A_crash_between_the_money_and_the_total_credits_nothing_twice()
    {
        var (payment, other) = (New(), New());
        await CreditAsync(payment, 5);

        // As if the store had died after the HSET of the money, which has the total too.
        await LoseWhatFollowsTheMoneyAsync();
        Assert.Equal(new CreditResult(CreditOutcome.AlreadyCounted, 0, 5, 0, 5), await CreditAsync(payment, 5));
        Assert.Equal([new IncomingRecord(payment.Id, 5, false, payment.Terms)], await ListAsync());

        await LoseWhatFollowsTheMoneyAsync();
        Assert.Equal(7UL, (await CreditAsync(other, 7)).Increase);
        Assert.Equal(1UL, (await CreditAsync(payment, 6)).Increase);
        Assert.Equal(CreditOutcome.AlreadyCounted, (await CreditAsync(other, 7)).Outcome);

        Assert.Equal(new Balance(13, 13, 0, 0), await _account.BalanceAsync());
    }

    [Fact]
    public async Task The_account_does_not_grow_with_its_payments()
    {
        await CreditAsync(New(), 5);
        var fields = await Database.HashLengthAsync(BalanceKeys.Account(_account.Id));

        for (var i = 0; i < 20; i++) await CreditAsync(New(), 5);

        Assert.Equal(fields, await Database.HashLengthAsync(BalanceKeys.Account(_account.Id)));
        Assert.Equal(21, await Database.HashLengthAsync(BalanceKeys.WalletTotals(_account.Id)[0]));
    }

    [Fact]
    public async Task Totals_are_kept_a_day_longer_than_they_are_counted_and_what_has_ended_is_forgotten()
    {
        var totals = BalanceKeys.WalletTotals(_account.Id);
        await CreditAsync(New(), 5, seconds: 3600);
        foreach (var key in totals)
            Assert.InRange((await Database.KeyTimeToLiveAsync(key))!.Value, TimeSpan.FromHours(24.5), TimeSpan.FromHours(25));
        await CreditAsync(New(), 5, seconds: 7200);
        await CreditAsync(New(), 5, seconds: 3600);
        foreach (var key in totals)
            Assert.InRange((await Database.KeyTimeToLiveAsync(key))!.Value, TimeSpan.FromHours(25.5), TimeSpan.FromHours(26));

        await Database.SortedSetAddAsync(totals[1], [.. (await Database.HashKeysAsync(totals[0]))
            .Select(id => new SortedSetEntry(id, InMilliseconds(-1)))]);
        await CreditAsync(New(), 5);

        foreach (var length in (long[])[await Database.HashLengthAsync(totals[0]), await Database.SortedSetLengthAsync(totals[1])])
            Assert.Equal(1, length);
    }

    [Fact]
    public async Task The_total_of_a_payment_that_is_looked_at_no_more_is_kept_a_day_and_counted_once()
    {
        var totals = BalanceKeys.WalletTotals(_account.Id);
        var (payment, other) = (New(), New());
        await CreditAsync(payment, 5, seconds: AMonth);
        await CreditAsync(other, 7, seconds: AMonth);

        await EndAsync(payment);
        Assert.InRange(await Database.SortedSetScoreAsync(totals[1], IncomingLedger.IdOf(payment.Id)) ?? 0, InDays(0.9), InDays(1.1));
        Assert.InRange(await Database.SortedSetScoreAsync(totals[1], IncomingLedger.IdOf(other.Id)) ?? 0, InDays(30.9), InDays(31.1));
        Assert.Equal(CreditOutcome.AlreadyCounted, (await CreditAsync(payment, 5, seconds: AMonth)).Outcome);

        // The last of the account's: its totals end with it, and no later credit brings them back.
        await EndAsync(other);
        foreach (var key in totals)
            Assert.InRange((await Database.KeyTimeToLiveAsync(key))!.Value, TimeSpan.FromHours(23.5), TimeSpan.FromHours(24));
        Assert.InRange(double.Parse((await LastAsync()).Split(',')[2]), InDays(0.9), InDays(1.1));
        Assert.Equal(CreditOutcome.AlreadyCounted, (await CreditAsync(other, 7, seconds: AMonth)).Outcome);
        Assert.Equal(new Balance(12, 12, 0, 0), await _account.BalanceAsync());
        await EndAsync(other);
        await EndAsync(New());
    }

    [Fact]
    public async Task A_total_that_a_crash_kept_from_being_written_is_written_after_its_payment_is_looked_at_no_more()
    {
        var payment = New();
        await CreditAsync(payment, 5, seconds: AMonth);
        await LoseWhatFollowsTheMoneyAsync();
        await EndAsync(payment);

        Assert.Equal(7UL, (await CreditAsync(New(), 7)).Increase);
        Assert.Equal(CreditOutcome.AlreadyCounted, (await CreditAsync(payment, 5, seconds: AMonth)).Outcome);
        Assert.InRange(await Database.SortedSetScoreAsync(BalanceKeys.WalletTotals(_account.Id)[1], IncomingLedger.IdOf(payment.Id)) ?? 0,
            InDays(0.9), InDays(1.1));
    }

    [Fact]
    public async Task An_end_that_comes_sooner_than_in_a_day_stays()
    {
        var payment = New();
        await CreditAsync(payment, 5, seconds: 60);
        var totals = BalanceKeys.WalletTotals(_account.Id);
        var soon = InMilliseconds(60);
        await Database.SortedSetAddAsync(totals[1], IncomingLedger.IdOf(payment.Id), soon);
        await Database.HashSetAsync(totals[0], IncomingLedger.IdOf(payment.Id), $"5,{soon}");

        await EndAsync(payment);

        Assert.Equal(soon, await Database.SortedSetScoreAsync(totals[1], IncomingLedger.IdOf(payment.Id)));
    }

    [Fact]
    public async Task A_payment_that_is_not_shown_any_more_is_not_credited_twice()
    {
        _fixture.Store.IncomingSettings.MostKept = 10;
        var payment = New();
        await CreditAsync(payment, 5);
        for (var i = 0; i < 20; i++) await CreditAsync(New(), 100);
        Assert.Null(await _fixture.Store.Incoming.FindAsync(_account.Id, payment.Id));

        Assert.Equal(CreditOutcome.AlreadyCounted, (await CreditAsync(payment, 5)).Outcome);
        Assert.Equal(1UL, (await CreditAsync(payment, 6)).Increase);
        Assert.Equal(6UL, (await _fixture.Store.Incoming.FindAsync(_account.Id, payment.Id))!.Received);
    }

    [Fact]
    public async Task An_account_that_is_paid_at_the_wallet_is_counted_into_what_the_host_keeps()
    {
        await Database.KeyDeleteAsync(BalanceKeys.KeptPayments);

        await CreditAsync(New(), 5);

        Assert.Equal("1", await Database.HashGetAsync(BalanceKeys.KeptPayments[0], _account.Id.ToString()));
    }

    private static double InDays(double days) => InMilliseconds(days * 24 * 3600);

    private async Task<string> LastAsync() => (string)(await Database.HashGetAsync(BalanceKeys.Account(_account.Id), "wallet"))!;

    private async Task EndAsync(IncomingTerms payment) => await _fixture.Store.WalletPayments.LookedAsync(
        new DueLook(
            new WalletPayment(payment.Id, _account.Id, payment.Creator, new Uri("https://wallet.example/one"), "test.one", "c2VjcmV0",
                payment.Amount, payment.CreatedAt, payment.ExpiresAt, payment.Terms),
            0, Closing: false),
        LookResult.Ended);

    private static long InMilliseconds(double seconds) => AccountUnderTest.InSeconds(seconds).ToUnixTimeMilliseconds();

    private static IncomingTerms New(ulong? amount = null) => new(
        Guid.NewGuid(), "aclient", amount, AccountUnderTest.InSeconds(0), AccountUnderTest.InSeconds(600), "The-terms_");

    private WalletCredit Credit(IncomingTerms payment, ulong total, bool completed = false, double seconds = 3600) =>
        new(_account.Id, payment, total, completed, AccountUnderTest.InSeconds(seconds));

    private Task<CreditResult> CreditAsync(IncomingTerms payment, ulong total, bool completed = false, double seconds = 3600) =>
        _account.CreditAsync(Credit(payment, total, completed, seconds));

    private async Task<IReadOnlyList<IncomingRecord>> ListAsync() =>
        (await _fixture.Store.Incoming.ListAsync(_account.Id, "aclient", 100, null, false))!.Payments;

    private Task<long> LoseWhatFollowsTheMoneyAsync() =>
        Database.KeyDeleteAsync([.. BalanceKeys.WalletTotals(_account.Id), .. BalanceKeys.IncomingPayments(_account.Id)]);
}

/// <summary>On a real Redis.</summary>
public sealed class RedisWalletCreditTests(RedisFixture fixture) : WalletCreditContract(fixture), IClassFixture<RedisFixture>;

/// <summary>On Garnet inside the process.</summary>
public sealed class GarnetWalletCreditTests(GarnetFixture fixture) : WalletCreditContract(fixture), IClassFixture<GarnetFixture>;
