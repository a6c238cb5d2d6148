using Codius.Testing.Stores;
using Codius.Web.Balances;
using Interledger.Net.Streaming.Sending;

namespace Codius.Web.Tests.Payments;

/// <summary>Fifty payers at once, two gateways, one Redis: every unit is accounted for.</summary>
public sealed class ManyPayersTests
{
    [Fact]
    public async Task Fifty_payers_at_once_through_two_gateways_are_credited_to_the_unit()
    {
        await using var redis = new RedisServer();
        await redis.StartAsync(TestContext.Current.CancellationToken);
        await using var one = await PayableGateway.StartAsync(redis);
        await using var two = await PayableGateway.StartAsync(redis);
        var (app, other) = (one.NewApp(), one.NewApp());
        two.Deploy(app);
        two.Deploy(other);
        using var toOne = one.Connector();
        using var toTwo = two.Connector();

        // Each asks one gateway and pays through the other.
        var payments = await Task.WhenAll(Enumerable.Range(0, 50).Select(async i =>
        {
            var (asked, paid) = i % 2 == 0 ? (one, toTwo) : (two, toOne);
            var target = await asked.SetUpAsync(i % 5 == 0 ? other : app);
            await using var sender = new StreamSender(paid, target.DestinationAccount, target.SharedSecret, new StreamSenderOptions { MaxPacketAmount = 401 });
            return await sender.SendAsync(4_000 + (ulong)i, TestContext.Current.CancellationToken);
        }));

        Assert.All(payments, payment => Assert.Equal(PaymentEnding.Completed, payment.Ending));
        ulong Sum(Func<int, bool> of) => payments.Where((_, i) => of(i)).Aggregate(0UL, (sum, payment) => sum + payment.Delivered);
        Assert.Equal(Enumerable.Range(0, 50).Aggregate(0UL, (sum, i) => sum + 4_000 + (ulong)i), Sum(_ => true));
        Assert.Equal(Whole(Sum(i => i % 5 != 0)), await one.BalanceAsync(app));
        Assert.Equal(Whole(Sum(i => i % 5 == 0)), await two.BalanceAsync(other));

        static Balance Whole(ulong units) => new(units, units, 0, 0);
    }
}
