using Codius.Testing;
using Codius.Testing.Stores;
using Codius.Web.Balances;
using Codius.Web.Tests.Payments.OpenPayments;
using Interledger.Net.Streaming.Sending;

namespace Codius.Web.Tests.Payments;

/// <summary>Fifty payers at once, two gateways, one Redis: every unit is accounted for.</summary>
public sealed class ManyPayersTests
{
    private const ulong Price = 10_000;
    private const ulong First = 10 * Price;

    // An hour awake costs one unit, so that only requests show in the balances.
    private static readonly string[] Settings =
        ["Prices:PerRunningHour=0.000000001", "Visits:PerClient:PerSecond=1000000", "Visits:PerClient:Burst=1000000"];

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

        // Each queries one gateway and pays through the other.
        var payments = await Task.WhenAll(Enumerable.Range(0, 50).Select(async i =>
        {
            var (asked, paid) = i % 2 == 0 ? (one, toTwo) : (two, toOne);
            var target = await asked.SetUpAsync(i % 5 == 0 ? other : app);
            await using var sender =
                new StreamSender(paid, target.DestinationAccount, target.SharedSecret, new StreamSenderOptions { MaxPacketAmount = 401 });
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
    public async Task Fifty_payers_of_Open_Payments_are_credited_to_the_unit_while_the_app_serves_its_visitors()
    {
        await using var redis = new RedisServer();
        await redis.StartAsync(TestContext.Current.CancellationToken);
        await using var page = await CountedApp.StartAsync();
        string app;
        ulong[] payments;
        int answered;

        await using (var one = await PayableGateway.StartAsync(redis, Settings))
        await using (var two = await PayableGateway.StartAsync(redis, Settings))
        {
            app = one.NewApp();
            foreach (var gateway in new[] { one, two }) gateway.Serve(app, page.Address);
            await one.PayAsync(app, First);
            using var toOne = one.Connector();
            using var toTwo = two.Connector();
            using var enough = new CancellationTokenSource();
            var visits = Task.WhenAll(new[] { one, two, one, two }.Select(gateway => VisitAsync(gateway, app, enough.Token)));
            await Eventually.TrueAsync("the app is awake and serves", () => page.Served > 0);

            // Each payment is created at one gateway and paid through the other; every third is paid in full.
            payments = await Task.WhenAll(Enumerable.Range(0, 50).Select(async i =>
            {
                var (asked, paid) = i % 2 == 0 ? (one, toTwo) : (two, toOne);
                var client = new BareClient(asked);
                var units = 400_000 + (ulong)i;
                var (url, method) = await client.CreateAsync(app, i % 3 == 0 ? units : null);
                await using var sender = new StreamSender(paid, method.DestinationAccount, method.SharedSecret,
                    new StreamSenderOptions { MaxPacketAmount = 40_001 });
                var result = await sender.SendAsync(units, TestContext.Current.CancellationToken);
                Assert.Equal((PaymentEnding.Completed, units), (result.Ending, await client.ReceivedAsync(url)));
                return result.Delivered;
            }));
            await enough.CancelAsync();
            answered = (await visits).Sum();
        }

        // The gateways have stopped and returned their leases; a third one reads the ledger.
        await using var reader = await PayableGateway.StartAsync(redis);
        var credited = payments.Aggregate(First, (sum, units) => sum + units);
        var spent = (ulong)page.Served * Price;
        Assert.Equal(First + Enumerable.Range(0, 50).Aggregate(0UL, (sum, i) => sum + 400_000 + (ulong)i), credited);
        Assert.Equal(page.Served, answered);
        Assert.Equal(new Balance(credited, credited - spent, spent, 0), await reader.BalanceAsync(app));
    }

    /// <returns>How many visits the app answered.</returns>
    private static async Task<int> VisitAsync(PayableGateway gateway, string app, CancellationToken enough)
    {
        var answered = 0;
        while (!enough.IsCancellationRequested)
        {
            using var answer = await gateway.GetAsync(gateway.UrlOf(app), "*/*");
            Assert.True((int)answer.StatusCode is 200 or 402 or 503, $"The visit got {answer.StatusCode}.");
            if (answer.IsSuccessStatusCode) answered++;
        }
        return answered;
    }
}
