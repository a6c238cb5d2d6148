using Microsoft.Extensions.Time.Testing;
using OpenPayments.Net.IncomingPayments;

namespace OpenPayments.Net.Tests.IncomingPayments;

public sealed class InMemoryIncomingPaymentsTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly InMemoryIncomingPayments _payments;

    public InMemoryIncomingPaymentsTests() => _payments = new InMemoryIncomingPayments(_time, mostOpen: 2);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Money_is_credited_up_to_the_amount_and_then_the_payment_is_complete()
    {
        var id = await CreateAsync(amount: 10);

        Assert.True(_payments.TryCredit(id, 4));
        Assert.False(_payments.TryCredit(id, 7));
        Assert.False((await FindAsync(id))!.Completed);
        Assert.True(_payments.TryCredit(id, 6));

        Assert.Equal((10UL, true), ((await FindAsync(id))!.ReceivedAmount, (await FindAsync(id))!.Completed));
        Assert.False(_payments.TryCredit(id, 1));
    }

    [Fact]
    public async Task Nothing_is_credited_to_a_payment_that_is_unknown_completed_or_expired()
    {
        var (completed, expired) = (await CreateAsync(), await CreateAsync());
        await _payments.CompleteAsync("alice", completed, Stop);
        Assert.False(_payments.TryCredit(completed, 1));
        Assert.False(_payments.TryCredit(Guid.NewGuid(), 1));

        Assert.True(_payments.TryCredit(expired, ulong.MaxValue - 1));
        _time.Advance(TimeSpan.FromHours(1));
        Assert.False(_payments.TryCredit(expired, 1));
    }

    [Fact]
    public async Task Its_memory_is_bounded_and_what_has_expired_makes_room()
    {
        await CreateAsync();
        await CreateAsync();
        Assert.Equal(CreationOutcome.TooManyOfAccount, await _payments.CreateAsync(New(null), null, Stop));

        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(CreationOutcome.Created, await _payments.CreateAsync(New(null), null, Stop));
    }

    [Fact]
    public async Task A_payment_is_found_at_its_account_and_listed_for_its_client_only()
    {
        var id = await CreateAsync();

        Assert.Null(await _payments.FindAsync("bob", id, Stop));
        Assert.Null(await _payments.CompleteAsync("bob", id, Stop));
        Assert.Single(await _payments.ListAsync("alice", "client", Stop));
        Assert.Empty(await _payments.ListAsync("alice", "another", Stop));
        Assert.Empty(await _payments.ListAsync("bob", "client", Stop));
    }

    private ValueTask<IncomingPayment?> FindAsync(Guid id) => _payments.FindAsync("alice", id, Stop);

    private async Task<Guid> CreateAsync(ulong? amount = null)
    {
        var payment = New(amount);
        Assert.Equal(CreationOutcome.Created, await _payments.CreateAsync(payment, null, Stop));
        return payment.Id;
    }

    private IncomingPayment New(ulong? amount) =>
        new(Guid.NewGuid(), "alice", "client", amount, 0, false, _time.GetUtcNow(), _time.GetUtcNow().AddHours(1), null);
}
