using Codius.Testing;
using Codius.Web.Balances;
using Codius.Web.Hosting.Alerting;
using Codius.Web.Payments;
using Codius.Web.Tests.Balances;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Codius.Web.Tests.Payments;

/// <summary>When it is an alert that the host, with all its gateways, is not paid any more.</summary>
public sealed class LastPaymentTests : IClassFixture<GarnetFixture>, IDisposable
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly FakeTimeProvider _time = new();
    private readonly PaymentsHealth _healthOfOne;
    private readonly PaymentsHealth _healthOfTwo;
    private readonly LastPayment _one;
    private readonly LastPayment _two;

    public LastPaymentTests(GarnetFixture fixture)
    {
        var store = fixture.Store.Store;
        fixture.Store.Database.KeyDelete(BalanceKeys.LastPayment);
        _healthOfOne = new PaymentsHealth(Options.Create(new PaymentsOptions()), _time);
        _healthOfTwo = new PaymentsHealth(Options.Create(new PaymentsOptions()), _time);
        _one = new LastPayment(store, _healthOfOne, Supervised.By(_time), _time);
        _two = new LastPayment(store, _healthOfTwo, Supervised.By(_time), _time);
    }

    [Fact]
    public async Task A_day_without_a_payment_is_one_at_every_gateway()
    {
        _healthOfOne.RecordCredit();
        await ExchangeAsync();

        _time.Advance(Day - Second);
        Assert.Empty(_one.Check().Concat(_two.Check()));

        _time.Advance(Second);
        await ExchangeAsync();
        var condition = Assert.Single(_one.Check());
        Assert.Equal(("no-payments", AlertSeverity.Warning, ""), (condition.Rule.Id, condition.Severity, condition.Subject));
        Assert.Equal("The last payment was credited at 2000-01-01 00:00:00Z.", condition.Summary);
        Assert.Equal([condition], _two.Check());
    }

    [Fact]
    public async Task A_payment_at_any_gateway_ends_it_at_all()
    {
        _healthOfOne.RecordCredit();
        await ExchangeAsync();
        _time.Advance(Day);
        Assert.Single(_one.Check());

        _healthOfTwo.RecordCredit();
        await _two.ExchangeAsync();
        await _one.ExchangeAsync();

        Assert.Empty(_one.Check().Concat(_two.Check()));
        Assert.Equal(_time.GetUtcNow(), _one.At);
    }

    [Fact]
    public async Task A_host_that_was_never_paid_has_none()
    {
        await ExchangeAsync();
        _time.Advance(Day + Day);
        await ExchangeAsync();

        Assert.Null(_one.At);
        Assert.Empty(_one.Check().Concat(_two.Check()));
    }

    [Fact]
    public async Task After_two_weeks_there_was_none_also_for_the_gateway_that_credited_it()
    {
        _healthOfOne.RecordCredit();
        await ExchangeAsync();
        _time.Advance(14 * Day - Second);
        await ExchangeAsync();
        Assert.Single(_one.Check());

        _time.Advance(Second);
        await ExchangeAsync();

        Assert.Empty(_one.Check().Concat(_two.Check()));
        Assert.Equal((null, null), (_one.At, _two.At));
    }

    public void Dispose()
    {
        _one.Dispose();
        _two.Dispose();
    }

    private async Task ExchangeAsync()
    {
        await _one.ExchangeAsync();
        await _two.ExchangeAsync();
    }
}
