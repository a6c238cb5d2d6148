using Microsoft.Extensions.Time.Testing;
using OpenPayments.Net.IncomingPayments;

namespace OpenPayments.Net.Tests.IncomingPayments;

public sealed class InMemoryIncomingPaymentsTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly InMemoryIncomingPayments _payments;

    public InMemoryIncomingPaymentsTests() => _payments = new InMemoryIncomingPayments(_time, mostKept: 2);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Money_is_credited_up_to_the_amount_and_then_the_payment_is_complete()
    {
        var made = New(10);

        Assert.True(_payments.TryCredit(made, 4));
        Assert.False(_payments.TryCredit(made, 7));
        Assert.Equal(made with { ReceivedAmount = 4 }, await _payments.ReadAsync(made, Stop));
        Assert.True(_payments.TryCredit(made, 6));

        Assert.Equal(made with { ReceivedAmount = 10, Completed = true }, await _payments.ReadAsync(made, Stop));
        Assert.False(_payments.TryCredit(made, 1));
    }

    [Fact]
    public async Task Nothing_is_credited_to_a_payment_that_is_none_completed_or_expired()
    {
        var (completed, expired) = (New(null), New(null));
        Assert.True((await _payments.CompleteAsync(completed, null, Stop)).Completed);
        Assert.False(_payments.TryCredit(completed, 1));
        Assert.False(_payments.TryCredit(null, 1));

        Assert.True(_payments.TryCredit(expired, ulong.MaxValue - 1));
        _time.Advance(TimeSpan.FromHours(1));
        Assert.False(_payments.TryCredit(expired, 1));
    }

    [Fact]
    public async Task Its_memory_is_bounded_and_what_was_kept_first_is_forgotten()
    {
        var made = new[] { New(null), New(null), New(null) };
        foreach (var payment in made) Assert.True(_payments.TryCredit(payment, 5));

        Assert.Equal(made[0], await _payments.ReadAsync(made[0], Stop));
        Assert.Equal(5UL, (await _payments.ReadAsync(made[2], Stop)).ReceivedAmount);
    }

    [Fact]
    public async Task A_paid_payment_is_listed_for_its_account_and_client_only()
    {
        await _payments.CompleteAsync(New(null), null, Stop);
        Assert.True(_payments.TryCredit(New(null), 5));

        Assert.Single((await ListAsync("alice", "client"))!.Payments);
        Assert.Empty((await ListAsync("alice", "another"))!.Payments);
        Assert.Empty((await ListAsync("bob", "client"))!.Payments);
        Assert.Null(await ListAsync("alice", "client", Guid.NewGuid()));
    }

    private ValueTask<IncomingPaymentPage?> ListAsync(string account, string client, Guid? cursor = null) =>
        _payments.ListAsync(account, IncomingPayment.ClientIdOf(client), new PageRequest(20, cursor, false), Stop);

    private IncomingPayment New(ulong? amount) =>
        IncomingPayment.New("alice", IncomingPayment.ClientIdOf("client"), amount, _time.GetUtcNow(), _time.GetUtcNow().AddHours(1));
}
