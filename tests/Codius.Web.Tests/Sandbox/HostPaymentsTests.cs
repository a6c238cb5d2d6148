using Codius.Sandbox.Receiving;
using Microsoft.Extensions.Time.Testing;
using OpenPayments.Net.IncomingPayments;

namespace Codius.Web.Tests.Sandbox;

public sealed class HostPaymentsTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 1, 0, 0, 0, TimeSpan.Zero));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Of_too_many_that_were_paid_those_that_ended_are_forgotten_first(bool byTime)
    {
        var payments = new HostPayments([], _time);
        var paid = Enumerable.Range(0, HostPayments.Capacity)
            .Select(number => Payment(number is 7 or 9 ? TimeSpan.FromMinutes(1) : TimeSpan.FromDays(1))).ToList();
        foreach (var payment in paid) Assert.True(payments.TryCredit(payment, 1, out _));
        if (byTime) _time.Advance(TimeSpan.FromMinutes(2));
        else foreach (var ended in new[] { paid[9], paid[7] }) await payments.CompleteAsync(ended, null, Stop);

        foreach (var expected in new[] { paid[7], paid[9], paid[0] })
        {
            var one = Payment(TimeSpan.FromDays(1));
            Assert.True(payments.TryCredit(one, 1, out _));
            paid.Add(one);
            paid.Remove(expected);
            Assert.Equal(paid.Select(payment => payment.Id), payments.All.Select(payment => payment.Id));
        }
    }

    private IncomingPayment Payment(TimeSpan lasts) =>
        IncomingPayment.New("host", "client", null, _time.GetUtcNow(), _time.GetUtcNow() + lasts);
}
