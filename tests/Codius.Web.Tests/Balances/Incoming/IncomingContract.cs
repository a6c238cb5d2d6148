using System.Net;
using Codius.Web.Balances;
using Codius.Web.Balances.Incoming;
using StackExchange.Redis;

namespace Codius.Web.Tests.Balances.Incoming;

/// <summary>The ledger's contract for incoming payments, on every kind of store.</summary>
public abstract class IncomingContract
{
    private const string Client = "aclient";

    private readonly StoreFixture _fixture;
    private readonly AccountUnderTest _account;

    protected IncomingContract(StoreFixture fixture)
    {
        (_fixture, _account) = (fixture, new AccountUnderTest(fixture.Store));
        (Settings.MostKept, Settings.MostKeptOfHost) = (1_000, 100_000); // a test before may have set others
    }

    private IncomingOptions Settings => _fixture.Store.IncomingSettings;

    private IncomingLedger Incoming => _fixture.Store.Incoming;

    [Theory]
    [InlineData(null)]
    [InlineData((ulong)long.MaxValue)]
    public async Task The_first_packet_stores_a_payment_and_nothing_is_stored_before(ulong? amount)
    {
        var payment = New(amount);
        Assert.Null(await Incoming.FindAsync(_account.Id, payment.Id));

        Assert.Equal(CreditOutcome.Credited, (await PayAsync(payment, 5)).Outcome);

        var stored = new IncomingRecord(payment.Id, 5, false, payment.Terms);
        Assert.Equal(stored, await Incoming.FindAsync(_account.Id, payment.Id));
        Assert.Equal([stored], await ListAsync());
        Assert.Equal(new Balance(5, 5, 0, 0), await _account.BalanceAsync());
    }

    [Fact]
    public async Task What_arrives_is_counted_on_the_payment_and_the_last_unit_completes_it()
    {
        var payment = New(100);

        Assert.Equal(new CreditResult(CreditOutcome.NoRoom, 0, 0, 100), await PayAsync(payment, 101));
        Assert.Null(await Incoming.FindAsync(_account.Id, payment.Id));
        Assert.Equal(CreditOutcome.Credited, (await PayAsync(payment, 60)).Outcome);
        Assert.Equal((60UL, false), await StateAsync(payment));
        Assert.Equal(new CreditResult(CreditOutcome.NoRoom, 0, 60, 40), await PayAsync(payment, 41));
        Assert.Equal(CreditOutcome.Credited, (await PayAsync(payment, 40)).Outcome);

        Assert.Equal((100UL, true), await StateAsync(payment));
        Assert.Equal(CreditOutcome.Closed, (await PayAsync(payment, 1)).Outcome);
        Assert.Equal(new Balance(100, 100, 0, 0), await _account.BalanceAsync());
    }

    [Fact]
    public async Task The_packet_that_completed_a_payment_is_known_when_it_comes_again()
    {
        var payment = New(100);
        var packet = AccountUnderTest.Packet(_account.Id, 100) with { IncomingPayment = payment };

        Assert.Equal(CreditOutcome.Credited, (await _account.CreditAsync(packet)).Outcome);
        Assert.Equal(CreditOutcome.AlreadyCounted, (await _account.CreditAsync(packet)).Outcome);

        Assert.Equal((100UL, true), await StateAsync(payment));
    }

    [Fact]
    public async Task Fifty_first_packets_at_once_fill_a_payment_and_no_more()
    {
        var payment = New(100);

        var results = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ =>
            _fixture.Store.Ledger.CreditAsync(AccountUnderTest.Packet(_account.Id, 7) with { IncomingPayment = payment },
                TestContext.Current.CancellationToken).AsTask()));

        Assert.Equal(14, results.Count(result => result.Outcome == CreditOutcome.Credited));
        Assert.Equal((98UL, false), await StateAsync(payment));
        Assert.Equal(new Balance(98, 98, 0, 0), await _account.BalanceAsync());
    }

    [Fact]
    public async Task A_completed_payment_takes_nothing_and_a_repeat_changes_nothing()
    {
        var payment = New(null);
        await PayAsync(payment, 5);

        for (var i = 0; i < 2; i++)
            Assert.Equal(new IncomingRecord(payment.Id, 5, true, payment.Terms), await Incoming.CompleteAsync(_account.Id, payment.Id));

        Assert.Equal(CreditOutcome.Closed, (await PayAsync(payment, 5)).Outcome);
    }

    [Fact]
    public async Task A_payment_completed_unpaid_takes_nothing_and_its_account_gets_no_key()
    {
        var payment = New(null);
        Assert.Null(await Incoming.CompleteAsync(_account.Id, payment.Id));
        Assert.False(await Incoming.IsCompletedUnpaidAsync(payment.Id));

        Assert.Null(await Incoming.CompleteUnpaidAsync(_account.Id, payment.Id, payment.ExpiresAt, IPAddress.Loopback));

        Assert.True(await Incoming.IsCompletedUnpaidAsync(payment.Id));
        Assert.Equal(CreditOutcome.Closed, (await PayAsync(payment, 5)).Outcome);
        Assert.Null(await _account.BalanceAsync());
        Assert.False(await _fixture.Store.Database.KeyExistsAsync(BalanceKeys.IncomingPayments(_account.Id)[0]));
    }

    [Fact]
    public async Task One_that_is_paid_while_it_is_completed_ends_with_that_packet()
    {
        var payment = New(null);
        await PayAsync(payment, 5);

        var completed = await Incoming.CompleteUnpaidAsync(_account.Id, payment.Id, payment.ExpiresAt, null);

        Assert.Equal(new IncomingRecord(payment.Id, 5, true, payment.Terms), completed);
        Assert.Equal(CreditOutcome.Closed, (await PayAsync(payment, 5)).Outcome);
    }

    [Fact]
    public async Task The_stores_clock_ends_a_payment()
    {
        var payment = New(null) with { ExpiresAt = InWholeMilliseconds(-1) };

        Assert.Equal(CreditOutcome.Closed, (await PayAsync(payment, 5)).Outcome);

        Assert.Null(await Incoming.FindAsync(_account.Id, payment.Id));
    }

    [Fact]
    public async Task A_full_account_refuses_no_payer_and_forgets_what_ended_first()
    {
        Settings.MostKept = 10;
        var (completed, full) = (New(null), New(5));
        var open = Enumerable.Range(0, 8).Select(_ => New(null)).ToArray();
        foreach (var payment in (IncomingTerms[])[.. open[..4], full, completed, .. open[4..]]) await PayAsync(payment, 5);
        await Incoming.CompleteAsync(_account.Id, completed.Id);

        for (var i = 0; i < 2; i++) Assert.Equal(CreditOutcome.Credited, (await PayAsync(New(null), 1)).Outcome);

        Assert.Null(await Incoming.FindAsync(_account.Id, full.Id));
        Assert.Null(await Incoming.FindAsync(_account.Id, completed.Id));
        foreach (var payment in open) Assert.NotNull(await Incoming.FindAsync(_account.Id, payment.Id));
        Assert.Equal(10, (await ListAsync()).Count);
    }

    [Fact]
    public async Task Dust_of_a_thousand_clients_displaces_no_payment_that_is_worth_more()
    {
        Settings.MostKept = 10;
        var honest = New(null);
        await PayAsync(honest, 1_000);

        for (var i = 0; i < 100; i++)
            Assert.Equal(CreditOutcome.Credited, (await PayAsync(New(null) with { Creator = $"flood{i}" }, 1)).Outcome);

        Assert.Equal((1_000UL, false), await StateAsync(honest));
        foreach (var key in BalanceKeys.IncomingPayments(_account.Id))
        {
            var length = key == BalanceKeys.IncomingPayments(_account.Id)[0]
                ? await _fixture.Store.Database.HashLengthAsync(key)
                : await _fixture.Store.Database.SortedSetLengthAsync(key);
            Assert.Equal(10, length);
            Assert.NotNull(await _fixture.Store.Database.KeyTimeToLiveAsync(key));
        }
    }

    [Fact]
    public async Task Dust_on_many_accounts_displaces_no_payment_of_an_account_that_got_more()
    {
        await _fixture.Store.Database.KeyDeleteAsync(BalanceKeys.KeptPayments);
        Settings.MostKeptOfHost = 20;
        var honest = New(null);
        await PayAsync(honest, 1_000);
        var flood = Enumerable.Range(0, 50).Select(_ => new AccountUnderTest(_fixture.Store)).ToArray();

        foreach (var account in flood)
            for (ulong i = 1; i <= 3; i++)
                Assert.Equal(CreditOutcome.Credited,
                    (await account.CreditAsync(AccountUnderTest.Packet(account.Id, i) with { IncomingPayment = New(null) })).Outcome);

        Assert.Equal((1_000UL, false), await StateAsync(honest));
        var kept = await Task.WhenAll(flood.Select(account =>
            _fixture.Store.Database.HashLengthAsync(BalanceKeys.IncomingPayments(account.Id)[0])));
        Assert.InRange(kept.Sum(), 1, 20);
        Assert.Equal(kept.Sum() + 1, (long)await _fixture.Store.Database.HashGetAsync(BalanceKeys.KeptPayments[0], ":total"));
        foreach (var key in BalanceKeys.KeptPayments) Assert.NotNull(await _fixture.Store.Database.KeyTimeToLiveAsync(key));
    }

    [Fact]
    public async Task Accounts_of_many_small_payments_displace_no_payment_that_is_worth_more_than_each_of_them()
    {
        await _fixture.Store.Database.KeyDeleteAsync(BalanceKeys.KeptPayments);
        Settings.MostKeptOfHost = 20;
        var honest = New(null);
        // As a payment begins: its first packet is the least of it.
        await PayAsync(honest, 1);
        await PayAsync(honest, 999);

        for (var i = 0; i < 5; i++) await FloodAsync(new AccountUnderTest(_fixture.Store), payments: 10, units: 500);

        Assert.Equal((1_000UL, false), await StateAsync(honest));
    }

    [Fact]
    public async Task A_payment_that_has_just_begun_is_kept_though_older_ones_are_worth_more()
    {
        await _fixture.Store.Database.KeyDeleteAsync(BalanceKeys.KeptPayments);
        Settings.MostKeptOfHost = 20;
        var older = Enumerable.Range(0, 4).Select(_ => new AccountUnderTest(_fixture.Store)).ToArray();
        foreach (var account in older) await FloodAsync(account, payments: 5, units: 500);
        await _fixture.Store.Database.SortedSetAddAsync(BalanceKeys.KeptPayments[3],
            [.. older.Select(old => new SortedSetEntry(old.Id.ToString(), AccountUnderTest.InSeconds(-3601).ToUnixTimeMilliseconds()))]);
        var honest = New(null);

        await PayAsync(honest, 1);
        Assert.Equal((1UL, false), await StateAsync(honest));
        await FloodAsync(new AccountUnderTest(_fixture.Store), payments: 5, units: 500);

        Assert.Equal((1UL, false), await StateAsync(honest));
        var kept = await Task.WhenAll(older.Select(old =>
            _fixture.Store.Database.KeyExistsAsync(BalanceKeys.IncomingPayments(old.Id)[0])));
        Assert.Equal(2, kept.Count(there => there));
    }

    // Of five payments: which a page has, and whether there are more after and before them.
    [Theory]
    [InlineData(5, null, false, "01234", false, false)]
    [InlineData(1, null, false, "0", true, false)]
    [InlineData(2, 0, false, "12", true, true)]
    [InlineData(2, 2, false, "34", false, true)]
    [InlineData(20, 4, false, "", false, true)]
    [InlineData(2, 3, true, "12", true, true)]
    [InlineData(9, 2, true, "01", true, false)]
    [InlineData(1, 0, true, "", true, false)]
    public async Task A_list_is_read_a_page_at_a_time(int count, int? cursor, bool back, string shown, bool next, bool previous)
    {
        var payments = Enumerable.Range(0, 5).Select(i => New(null) with { CreatedAt = InWholeMilliseconds(i) }).ToArray();
        foreach (var payment in payments.Reverse()) await PayAsync(payment, 1);
        foreach (var neighbour in new[] { "aclien", "aclient0", "aclientz" }) await PayAsync(New(null) with { Creator = neighbour }, 1);

        var page = await Incoming.ListAsync(_account.Id, Client, count, cursor is { } at ? payments[at].Id : null, back);

        var ids = Array.ConvertAll(payments, payment => payment.Id);
        Assert.Equal(shown, string.Concat(page!.Payments.Select(payment => Array.IndexOf(ids, payment.Id))));
        Assert.Equal((next, previous), (page.HasNext, page.HasPrevious));
    }

    [Fact]
    public async Task A_cursor_of_another_client_or_of_none_is_none()
    {
        var other = New(null) with { Creator = "another" };
        await PayAsync(other, 1);
        await PayAsync(New(null), 1);

        Assert.Null(await Incoming.ListAsync(_account.Id, Client, 5, other.Id, false));
        Assert.Null(await Incoming.ListAsync(_account.Id, Client, 5, Guid.NewGuid(), false));
        Assert.Empty((await Incoming.ListAsync(new AccountUnderTest(_fixture.Store).Id, Client, 5, null, false))!.Payments);
    }

    private static DateTimeOffset InWholeMilliseconds(double seconds) =>
        DateTimeOffset.FromUnixTimeMilliseconds(AccountUnderTest.InSeconds(seconds).ToUnixTimeMilliseconds());

    private static IncomingTerms New(ulong? amount) =>
        new(Guid.NewGuid(), Client, amount, InWholeMilliseconds(0), InWholeMilliseconds(600), "The-terms_");

    private async Task<IReadOnlyList<IncomingRecord>> ListAsync() =>
        (await Incoming.ListAsync(_account.Id, Client, 100, null, false))!.Payments;

    private static async Task FloodAsync(AccountUnderTest account, int payments, ulong units)
    {
        for (var i = 0; i < payments; i++)
            await account.CreditAsync(AccountUnderTest.Packet(account.Id, units) with { IncomingPayment = New(null) });
    }

    private async Task<(ulong, bool)> StateAsync(IncomingTerms payment)
    {
        var record = await Incoming.FindAsync(_account.Id, payment.Id);
        return (record!.Received, record.Completed);
    }

    private Task<CreditResult> PayAsync(IncomingTerms payment, ulong amount) =>
        _account.CreditAsync(AccountUnderTest.Packet(_account.Id, amount) with { IncomingPayment = payment });
}

/// <summary>On a real redis-server.</summary>
public sealed class IncomingOnRedisTests(RedisFixture fixture) : IncomingContract(fixture), IClassFixture<RedisFixture>;

/// <summary>On Garnet inside the process.</summary>
public sealed class IncomingOnGarnetTests(GarnetFixture fixture) : IncomingContract(fixture), IClassFixture<GarnetFixture>;
