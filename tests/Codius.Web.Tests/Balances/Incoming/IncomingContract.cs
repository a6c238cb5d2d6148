using Codius.Web.Balances;
using Codius.Web.Balances.Incoming;

namespace Codius.Web.Tests.Balances.Incoming;

/// <summary>The ledger's contract for incoming payments, on every kind of store.</summary>
public abstract class IncomingContract(StoreFixture fixture)
{
    private const string Client = "a-client";

    private readonly AccountUnderTest _account = new(fixture.Store);

    private IncomingLedger Incoming => fixture.Store.Incoming;

    [Theory]
    [InlineData(null)]
    [InlineData((ulong)long.MaxValue)]
    public async Task A_payment_is_kept_as_it_was_made(ulong? amount)
    {
        var payment = New(amount, document: """{"text":"Grüße, \"quoted\""}""");

        Assert.Equal(IncomingOutcome.Created, await Incoming.CreateAsync(payment, 10, Client, 10));

        Assert.Equal(payment, await Incoming.FindAsync(_account.Id, payment.Id));
        Assert.Equal([payment], await Incoming.ListAsync(_account.Id));
        Assert.Null(await _account.BalanceAsync());
    }

    [Fact]
    public async Task What_arrives_is_counted_on_the_payment_and_the_last_unit_completes_it()
    {
        var payment = await CreatedAsync(New(100));

        Assert.Equal(CreditOutcome.Credited, (await PayAsync(payment, 60)).Outcome);
        Assert.Equal(payment with { Received = 60 }, await Incoming.FindAsync(_account.Id, payment.Id));
        Assert.Equal(new CreditResult(CreditOutcome.NoRoom, 0, 60, 40), await PayAsync(payment, 41));
        Assert.Equal(CreditOutcome.Credited, (await PayAsync(payment, 40)).Outcome);

        Assert.Equal(payment with { Received = 100, Completed = true }, await Incoming.FindAsync(_account.Id, payment.Id));
        Assert.Equal(CreditOutcome.Closed, (await PayAsync(payment, 1)).Outcome);
        Assert.Equal(new Balance(100, 100, 0, 0), await _account.BalanceAsync());
    }

    [Fact]
    public async Task The_packet_that_completed_a_payment_is_known_when_it_comes_again()
    {
        var payment = await CreatedAsync(New(100));
        var packet = AccountUnderTest.Packet(_account.Id, 100) with { IncomingPayment = payment.Id };

        Assert.Equal(CreditOutcome.Credited, (await _account.CreditAsync(packet)).Outcome);
        Assert.Equal(CreditOutcome.AlreadyCounted, (await _account.CreditAsync(packet)).Outcome);

        Assert.Equal(100UL, (await Incoming.FindAsync(_account.Id, payment.Id))!.Received);
    }

    [Fact]
    public async Task Fifty_at_once_fill_a_payment_and_no_more()
    {
        var payment = await CreatedAsync(New(100));

        var results = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ =>
            fixture.Store.Ledger.CreditAsync(AccountUnderTest.Packet(_account.Id, 7) with { IncomingPayment = payment.Id },
                TestContext.Current.CancellationToken).AsTask()));

        Assert.Equal(14, results.Count(result => result.Outcome == CreditOutcome.Credited));
        Assert.Equal(98UL, (await Incoming.FindAsync(_account.Id, payment.Id))!.Received);
        Assert.Equal(new Balance(98, 98, 0, 0), await _account.BalanceAsync());
    }

    [Fact]
    public async Task A_completed_payment_takes_nothing_and_a_repeat_changes_nothing()
    {
        var payment = await CreatedAsync(New(null));
        await PayAsync(payment, 5);

        for (var i = 0; i < 2; i++)
            Assert.Equal(payment with { Received = 5, Completed = true }, await Incoming.CompleteAsync(_account.Id, payment.Id));

        Assert.Equal(CreditOutcome.Closed, (await PayAsync(payment, 5)).Outcome);
    }

    [Fact]
    public async Task A_payment_nobody_made_is_not_there_and_takes_nothing()
    {
        var payment = New(null);

        Assert.Null(await Incoming.FindAsync(_account.Id, payment.Id));
        Assert.Null(await Incoming.CompleteAsync(_account.Id, payment.Id));
        Assert.Null(await Incoming.FindAsync(_account.Id, payment.Id));
        Assert.Equal(CreditOutcome.Closed, (await PayAsync(payment, 5)).Outcome);
    }

    [Fact]
    public async Task The_stores_clock_ends_a_payment()
    {
        var payment = await CreatedAsync(New(null) with { ExpiresAt = InWholeMilliseconds(-1) });

        Assert.Equal(CreditOutcome.Closed, (await PayAsync(payment, 5)).Outcome);

        // It can still be read, for a day.
        Assert.NotNull(await Incoming.FindAsync(_account.Id, payment.Id));
        var kept = await fixture.Store.Database.KeyTimeToLiveAsync(BalanceKeys.IncomingPayment(_account.Id, payment.Id));
        Assert.InRange(kept!.Value, TimeSpan.FromHours(23), TimeSpan.FromHours(24));
    }

    [Fact]
    public async Task So_many_may_be_open_and_one_that_ended_makes_room()
    {
        await CreatedAsync(New(null));
        var ended = New(null) with { ExpiresAt = InWholeMilliseconds(-1) };
        Assert.Equal(IncomingOutcome.Created, await Incoming.CreateAsync(ended, 2, Client, 10));
        var last = New(null);
        Assert.Equal(IncomingOutcome.Created, await Incoming.CreateAsync(last, 2, Client, 10));

        Assert.Equal(IncomingOutcome.TooManyOfAccount, await Incoming.CreateAsync(New(null), 2, Client, 10));
        Assert.Equal(IncomingOutcome.TooManyOfAccount, await Incoming.CreateAsync(New(null), 2, "another", 10));
        Assert.Equal(IncomingOutcome.Created, await Incoming.CreateAsync(last, 2, Client, 10)); // repeated, since the answer was lost

        Assert.Equal(2, (await Incoming.ListAsync(_account.Id)).Count);
        Assert.Empty(await Incoming.ListAsync(new AccountUnderTest(fixture.Store).Id));
    }

    [Fact]
    public async Task So_many_may_be_one_clients_and_the_others_have_their_own()
    {
        var (first, second) = (New(null), New(null));
        Assert.Equal(IncomingOutcome.Created, await Incoming.CreateAsync(first, 10, Client, 2));
        Assert.Equal(IncomingOutcome.Created, await Incoming.CreateAsync(second, 10, Client, 2));

        var refused = New(null);
        Assert.Equal(IncomingOutcome.TooManyOfClient, await Incoming.CreateAsync(refused, 10, Client, 2));
        Assert.Null(await Incoming.FindAsync(_account.Id, refused.Id));
        Assert.Equal(IncomingOutcome.Created, await Incoming.CreateAsync(second, 10, Client, 2)); // repeated
        Assert.Equal(IncomingOutcome.Created, await Incoming.CreateAsync(New(null), 10, "another", 2));
        var elsewhere = new AccountUnderTest(fixture.Store).Id;
        Assert.Equal(IncomingOutcome.Created, await Incoming.CreateAsync(New(null) with { Account = elsewhere }, 10, Client, 2));

        Assert.Equal(3, (await Incoming.ListAsync(_account.Id)).Count);
    }

    [Fact]
    public async Task What_was_paid_and_completed_or_expired_is_no_longer_counted_as_its_clients()
    {
        Task<IncomingOutcome> CreateAsync(IncomingRecord payment) => Incoming.CreateAsync(payment, 10, Client, 2).AsTask();
        var (full, idle, partly) = (New(100), New(null), New(100));
        foreach (var payment in new[] { New(null) with { ExpiresAt = InWholeMilliseconds(-1) }, full, idle })
            Assert.Equal(IncomingOutcome.Created, await CreateAsync(payment));
        Assert.Equal(IncomingOutcome.TooManyOfClient, await CreateAsync(partly));

        // Nothing was paid on it: a client that creates and completes thousands of them still reaches the account's limit.
        await Incoming.CompleteAsync(_account.Id, idle.Id);
        Assert.Equal(IncomingOutcome.TooManyOfClient, await CreateAsync(partly));
        await PayAsync(full, 100);
        Assert.Equal(IncomingOutcome.Created, await CreateAsync(partly));
        await PayAsync(partly, 1);
        Assert.Equal(IncomingOutcome.TooManyOfClient, await CreateAsync(New(null)));
        await Incoming.CompleteAsync(_account.Id, partly.Id);
        Assert.Equal(IncomingOutcome.Created, await CreateAsync(New(null)));

        // They are still there to be read and listed.
        Assert.Equal(4, (await Incoming.ListAsync(_account.Id)).Count);
        Assert.True((await Incoming.FindAsync(_account.Id, full.Id))!.Completed);
    }

    private IncomingRecord New(ulong? amount, string document = "{}") =>
        new(Guid.NewGuid(), _account.Id, amount, 0, false, InWholeMilliseconds(600), document);

    private static DateTimeOffset InWholeMilliseconds(double seconds) =>
        DateTimeOffset.FromUnixTimeMilliseconds(AccountUnderTest.InSeconds(seconds).ToUnixTimeMilliseconds());

    private async Task<IncomingRecord> CreatedAsync(IncomingRecord payment)
    {
        Assert.Equal(IncomingOutcome.Created, await Incoming.CreateAsync(payment, 10, Client, 10));
        return payment;
    }

    private Task<CreditResult> PayAsync(IncomingRecord payment, ulong amount) =>
        _account.CreditAsync(AccountUnderTest.Packet(_account.Id, amount) with { IncomingPayment = payment.Id });
}

/// <summary>On a real redis-server.</summary>
public sealed class IncomingOnRedisTests(RedisFixture fixture) : IncomingContract(fixture), IClassFixture<RedisFixture>;

/// <summary>On Garnet inside the process.</summary>
public sealed class IncomingOnGarnetTests(GarnetFixture fixture) : IncomingContract(fixture), IClassFixture<GarnetFixture>;
