using System.Security.Cryptography;
using Codius.Web.Balances;
using static Codius.Web.Tests.Balances.AccountUnderTest;

namespace Codius.Web.Tests.Balances;

/// <summary>
/// The ledger's contract for credits, on every kind of store. Every call also checks the rule of conservation.
/// </summary>
public abstract class CreditContract(StoreFixture fixture)
{
    [Theory]
    [InlineData(1UL)]
    [InlineData((1UL << 53) - 1)]
    [InlineData(1UL << 53)]
    [InlineData((1UL << 53) + 1)]
    [InlineData((ulong)long.MaxValue)]
    public async Task A_packet_of_any_amount_is_counted_to_the_unit(ulong amount)
    {
        var account = NewAccount();
        Assert.Equal(new CreditResult(CreditOutcome.Credited, amount, amount), await account.PayAsync(amount));
        Assert.Equal(new Balance(amount, amount, 0, 0), await account.BalanceAsync());
    }

    [Fact]
    public async Task An_account_nobody_paid_has_no_balance() => Assert.Null(await NewAccount().BalanceAsync());

    [Fact]
    public async Task A_packet_is_counted_once_however_often_it_is_asked()
    {
        var account = NewAccount();
        var packet = Packet(account.Id, 500);
        Assert.Equal(new CreditResult(CreditOutcome.Credited, 500, 500), await account.CreditAsync(packet));
        Assert.Equal(new CreditResult(CreditOutcome.AlreadyCounted, 0, 500), await account.CreditAsync(packet));
        Assert.Equal(new Balance(500, 500, 0, 0), await account.BalanceAsync());
    }

    [Fact]
    public async Task A_hundred_askers_at_once_count_a_packet_once()
    {
        var account = NewAccount();
        var packet = Packet(account.Id, 7);
        var results = await Task.WhenAll(Enumerable.Range(0, 100)
            .Select(_ => fixture.Store.Ledger.CreditAsync(packet, TestContext.Current.CancellationToken).AsTask()));
        Assert.Single(results, result => result.Outcome == CreditOutcome.Credited);
        Assert.Equal(new Balance(7, 7, 0, 0), await account.BalanceAsync());
    }

    [Fact]
    public async Task Past_its_deadline_a_packet_is_not_credited_but_one_that_was_is_still_known()
    {
        var account = NewAccount();
        var late = Packet(account.Id, 500) with { Deadline = InSeconds(-1) };
        Assert.Equal(CreditOutcome.Expired, (await account.CreditAsync(late)).Outcome);
        Assert.Null(await account.BalanceAsync());
        Assert.Equal(CreditOutcome.Credited, (await account.CreditAsync(late with { Deadline = InSeconds(20) })).Outcome);
        Assert.Equal(CreditOutcome.AlreadyCounted, (await account.CreditAsync(late)).Outcome);
    }

    [Fact]
    public async Task A_packets_mark_is_kept_until_a_minute_after_its_expiry()
    {
        var account = NewAccount();
        var packet = Packet(account.Id, 500);
        await account.CreditAsync(packet);
        var key = BalanceKeys.Packet(account.Id, packet.ExecutionCondition.Span);
        var left = await fixture.Store.Database.KeyTimeToLiveAsync(key);
        Assert.InRange(left!.Value, TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(90));
    }

    [Theory]
    [InlineData(1UL, (ulong)long.MaxValue)]
    [InlineData((ulong)long.MaxValue, 1UL)]
    [InlineData(1UL, ulong.MaxValue)]
    public async Task What_an_account_cannot_hold_is_refused_with_the_room_there_is(ulong first, ulong second)
    {
        var account = NewAccount();
        await account.PayAsync(first);
        Assert.Equal(new CreditResult(CreditOutcome.NoRoom, 0, first, long.MaxValue - first), await account.PayAsync(second));
        Assert.Equal(new Balance(first, first, 0, 0), await account.BalanceAsync());
    }

    [Fact]
    public async Task Room_is_that_of_all_that_was_ever_credited()
    {
        var account = NewAccount();
        await account.PayAsync(long.MaxValue);
        await account.SpendAsync(long.MaxValue);
        Assert.Equal(new CreditResult(CreditOutcome.NoRoom), await account.PayAsync(1));
    }

    [Fact]
    public async Task A_receipts_increase_is_credited_and_a_repeat_or_a_lower_total_changes_nothing()
    {
        var account = NewAccount();
        var receipt = Receipt(account.Id, 100);
        Assert.Equal(new CreditResult(CreditOutcome.Credited, 100, 100, 0, 100), await account.CreditAsync(receipt));
        Assert.Equal(new CreditResult(CreditOutcome.Credited, 50, 150, 0, 150),
            await account.CreditAsync(receipt with { TotalReceived = 150 }));
        Assert.Equal(new CreditResult(CreditOutcome.AlreadyCounted, 0, 150, 0, 150),
            await account.CreditAsync(receipt with { TotalReceived = 150 }));
        Assert.Equal(new CreditResult(CreditOutcome.AlreadyCounted, 0, 150, 0, 150), await account.CreditAsync(receipt));
        Assert.Equal(new CreditResult(CreditOutcome.Credited, 30, 180, 0, 30),
            await account.CreditAsync(receipt with { StreamId = 3, TotalReceived = 30 }));
    }

    [Fact]
    public async Task Totals_above_the_signed_range_are_compared_unsigned()
    {
        var account = NewAccount();
        var receipt = Receipt(account.Id, long.MaxValue);
        Assert.Equal(CreditOutcome.Credited, (await account.CreditAsync(receipt)).Outcome);
        Assert.Equal(CreditOutcome.NoRoom, (await account.CreditAsync(receipt with { TotalReceived = ulong.MaxValue })).Outcome);
        Assert.Equal(CreditOutcome.AlreadyCounted, (await account.CreditAsync(receipt with { TotalReceived = (1UL << 53) + 1 })).Outcome);

        // 2^64-1 after 2^63 is an increase of 2^63-1: a signed comparison would take it for a decrease.
        var other = NewAccount();
        var unsigned = Receipt(other.Id, 0);
        await fixture.Store.Database.HashSetAsync(BalanceKeys.Receipt(other.Id, unsigned.Nonce.Span), "1", "9223372036854775808");
        Assert.Equal(
            new CreditResult(CreditOutcome.Credited, long.MaxValue, long.MaxValue, 0, ulong.MaxValue),
            await other.CreditAsync(unsigned with { TotalReceived = ulong.MaxValue }));
    }

    [Fact]
    public async Task A_receipt_is_good_for_its_lifetime_by_the_stores_clock()
    {
        var account = NewAccount();
        Assert.Equal(CreditOutcome.Expired,
            (await account.CreditAsync(Receipt(account.Id, 100) with { ExpiresAt = InSeconds(-1) })).Outcome);
        Assert.Equal(CreditOutcome.Expired,
            (await account.CreditAsync(Receipt(account.Id, 100) with { IssuedAt = InSeconds(90) })).Outcome);
        Assert.Equal(CreditOutcome.Credited,
            (await account.CreditAsync(Receipt(account.Id, 100) with { IssuedAt = InSeconds(30) })).Outcome);
    }

    [Fact]
    public async Task A_receipts_record_outlives_the_receipt_by_ten_minutes_and_does_not_slide()
    {
        var account = NewAccount();
        var receipt = Receipt(account.Id, 100);
        await account.CreditAsync(receipt);
        await account.CreditAsync(receipt with { TotalReceived = 200 });
        var left = await fixture.Store.Database.KeyTimeToLiveAsync(BalanceKeys.Receipt(account.Id, receipt.Nonce.Span));
        Assert.InRange(left!.Value, TimeSpan.FromMinutes(5) + TimeSpan.FromHours(24), TimeSpan.FromMinutes(10) + TimeSpan.FromHours(24));
    }

    [Fact]
    public async Task An_unbound_nonce_belongs_to_the_first_account_it_is_posted_to()
    {
        var (first, second) = (NewAccount(), NewAccount());
        var receipt = Receipt(first.Id, 100) with { Unbound = true };
        Assert.Equal(CreditOutcome.Credited, (await first.CreditAsync(receipt)).Outcome);
        Assert.Equal(CreditOutcome.OtherAccount, (await second.CreditAsync(receipt with { Account = second.Id })).Outcome);
        Assert.Equal(CreditOutcome.Credited, (await first.CreditAsync(receipt with { TotalReceived = 101 })).Outcome);
        Assert.Null(await second.BalanceAsync());
        Assert.Equal(CreditOutcome.Expired,
            (await second.CreditAsync(Receipt(second.Id, 1) with { Unbound = true, ExpiresAt = InSeconds(-1) })).Outcome);
    }

    [Fact]
    public async Task Packets_with_a_receipt_nonce_return_the_connections_total_also_when_asked_again()
    {
        var account = NewAccount();
        var nonce = RandomNumberGenerator.GetBytes(16);
        var (one, two) = (Packet(account.Id, 10) with { ReceiptNonce = nonce }, Packet(account.Id, 5) with { ReceiptNonce = nonce });
        Assert.Equal(10UL, (await account.CreditAsync(one)).ReceiptTotal);
        Assert.Equal(15UL, (await account.CreditAsync(two)).ReceiptTotal);
        Assert.Equal(10UL, (await account.CreditAsync(one)).ReceiptTotal);
        // The same money is not credited by a receipt too.
        Assert.Equal(CreditOutcome.AlreadyCounted, (await account.CreditAsync(Receipt(account.Id, 15) with { Nonce = nonce })).Outcome);
        Assert.Equal(new Balance(15, 15, 0, 0), await account.BalanceAsync());
    }

    private AccountUnderTest NewAccount() => new(fixture.Store);

    private static ReceiptCredit Receipt(Codius.Web.Balances.AccountId account, ulong total) =>
        new(account, RandomNumberGenerator.GetBytes(16), 1, total, InSeconds(0), InSeconds(24 * 3600), Unbound: false);
}

/// <summary>On a real Redis.</summary>
public sealed class RedisCreditTests(RedisFixture fixture) : CreditContract(fixture), IClassFixture<RedisFixture>;

/// <summary>On Garnet inside the process.</summary>
public sealed class GarnetCreditTests(GarnetFixture fixture) : CreditContract(fixture), IClassFixture<GarnetFixture>;
