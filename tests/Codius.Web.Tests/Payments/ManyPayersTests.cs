using Codius.Testing.Stores;
using Codius.Web.Balances;
using Codius.Web.Tests.Payments.OpenPayments;
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

    [Fact]
    public async Task Fifty_payers_of_Open_Payments_are_credited_to_the_unit_while_the_app_is_visited()
    {
        await using var redis = new RedisServer();
        await redis.StartAsync(TestContext.Current.CancellationToken);
        await using var one = await PayableGateway.StartAsync(redis);
        await using var two = await PayableGateway.StartAsync(redis);
        var app = one.NewApp();
        two.Deploy(app);
        using var toOne = one.Connector();
        using var toTwo = two.Connector();
        using var enough = new CancellationTokenSource();
        var visits = VisitAsync(one, app, enough.Token);

        // Each has its payment made by one gateway and pays it through the other; every third pays until it is full.
        var payments = await Task.WhenAll(Enumerable.Range(0, 50).Select(async i =>
        {
            var (asked, paid) = i % 2 == 0 ? (one, toTwo) : (two, toOne);
            var client = new BareClient(asked);
            var units = 400_000 + (ulong)i;
            var (url, method) = await client.CreateAsync(app, i % 3 == 0 ? units : null);
            await using var sender = new StreamSender(paid, method.DestinationAccount, method.SharedSecret, new StreamSenderOptions { MaxPacketAmount = 40_001 });
            var result = await sender.SendAsync(units, TestContext.Current.CancellationToken);
            Assert.Equal((PaymentEnding.Completed, units), (result.Ending, await client.ReceivedAsync(url)));
            return result.Delivered;
        }));
        await enough.CancelAsync();
        var refused = await visits;

        Assert.True(refused > 0, "Nobody visited the app.");
        var credited = payments.Aggregate(0UL, (sum, units) => sum + units);
        Assert.Equal(Enumerable.Range(0, 50).Aggregate(0UL, (sum, i) => sum + 400_000 + (ulong)i), credited);
        var balance = await two.BalanceAsync(app);
        Assert.Equal((credited, credited), (balance.Credited, balance.Available + balance.Spent + balance.Leased));
    }

    // The app never wakes here, so that no visit is answered; each still asks for its price, and gives it back.
    private static async Task<int> VisitAsync(PayableGateway gateway, string app, CancellationToken enough)
    {
        var visits = 0;
        while (!enough.IsCancellationRequested)
        {
            using var answer = await gateway.AskAsync(gateway.UrlOf(app), "text/html");
            Assert.True((int)answer.StatusCode is 402 or 503 or 429, $"The visit got {answer.StatusCode}.");
            visits++;
        }
        return visits;
    }
}
