using Codius.Testing;
using Codius.Testing.Stores;
using Codius.Web.Balances;
using Codius.Web.Hosting;
using Codius.Web.Payments;
using Codius.Web.Payments.Streaming;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Codius.Web.Tests.Payments.Streaming;

/// <summary>Two gateways on one ledger have the same books of who owes what.</summary>
public sealed class DebtsOfTwoGatewaysTests : IAsyncLifetime
{
    private const string Connector = "one";

    private readonly FakeTimeProvider _time = new();
    private readonly RedisServer _redis = new();
    private LedgerStore _store = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _redis.StartAsync(Stop);
        _store = LedgerStore.OnRedis(_redis);
    }

    public async ValueTask DisposeAsync()
    {
        _store.Dispose();
        await _redis.DisposeAsync();
    }

    [Fact]
    public async Task What_one_gateway_took_and_what_was_settled_there_counts_at_a_gateway_without_packets_of_its_own()
    {
        using var one = NewGateway();
        using var two = NewGateway();
        await one.StartAsync(Stop);
        await two.StartAsync(Stop);
        Fulfill(one, 600);

        await EachSecondAsync("the debt is known at the other gateway", () => Owed(two) == 600);
        Assert.False(two.TryBegin(Connector, 401));
        Assert.True(two.TryBegin(Connector, 400));
        two.End(Connector, 400, fulfilled: false);

        Assert.Equal(SpendOutcome.Done, (await one.SettleAsync(Connector, 600, "a settlement", "paid", "an admin", Stop)).Outcome);
        await EachSecondAsync("the settlement is known at the other gateway", () => Owed(two) == 0);
        Assert.True(two.TryBegin(Connector, 1_000));

        await one.StopAsync(Stop);
        await two.StopAsync(Stop);
    }

    [Fact]
    public async Task Packets_of_both_gateways_add_up_at_both()
    {
        using var one = NewGateway();
        using var two = NewGateway();
        await one.StartAsync(Stop);
        await two.StartAsync(Stop);

        for (var i = 0; i < 5; i++)
        {
            Fulfill(one, 60);
            Fulfill(two, 40);
            await EachSecondAsync("both know all", () => Owed(one) == (ulong)(i + 1) * 100 && Owed(two) == Owed(one));
        }

        await one.StopAsync(Stop);
        await two.StopAsync(Stop);
        Assert.Equal(500UL, (await _store.Ledger.ReadAsync(AccountId.OfBook("owed-one"), Stop))!.Value.Funds);
    }

    [Fact]
    public void A_total_that_was_read_before_a_booking_does_not_undo_it()
    {
        var debt = new ConnectorDebt();
        Assert.True(debt.TryBegin(600, 1_000));
        debt.End(600, fulfilled: true);
        var before = debt.Version;
        debt.Booked(600, debt.NextBooking());

        debt.Read(0, before);
        Assert.Equal(600UL, debt.Total);

        debt.Read(0, debt.Version);
        Assert.Equal(0UL, debt.Total);
    }

    private static void Fulfill(ConnectorDebts gateway, ulong amount)
    {
        Assert.True(gateway.TryBegin(Connector, amount));
        gateway.End(Connector, amount, fulfilled: true);
    }

    private static ulong Owed(ConnectorDebts gateway) => Assert.Single(gateway.All).Owed;

    private Task EachSecondAsync(string reason, Func<bool> holds) => Eventually.TrueAsync(reason, () =>
    {
        if (holds()) return true;
        _time.Advance(TimeSpan.FromSeconds(1));
        return false;
    });

    private ConnectorDebts NewGateway()
    {
        var options = new PaymentsOptions { MaxUnsettled = "0.000001" };
        options.Connectors[Connector] = "a-token";
        return new ConnectorDebts(_store.Ledger, new Asset("XRP", 9), Options.Create(options), Supervised.By(_time), _time,
            NullLogger<ConnectorDebts>.Instance);
    }
}
