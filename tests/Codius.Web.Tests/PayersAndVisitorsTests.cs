using System.Net;
using Codius.Testing;
using Codius.Testing.Stores;
using Codius.Web.Balances;
using Codius.Web.Tests.Payments;
using Interledger.Net.Streaming.Sending;

namespace Codius.Web.Tests;

/// <summary>Money comes in and goes out at the same time, through two gateways on one Redis.</summary>
public sealed class PayersAndVisitorsTests
{
    private const ulong Price = 10_000;
    private const int RequestsEach = 10;

    // An hour awake costs one unit, so that only requests change the balance.
    private static readonly string[] Settings =
        ["Prices:PerRunningHour=0.000000001", "Visits:PerClient:PerSecond=1000000", "Visits:PerClient:Burst=1000000"];

    [Fact]
    public async Task Fifty_payers_and_a_hundred_visitors_at_once_and_every_unit_is_accounted_for()
    {
        await using var redis = new RedisServer();
        await redis.StartAsync(TestContext.Current.CancellationToken);
        await using var app = await CountedApp.StartAsync();
        PaymentResult[] payments;
        HttpStatusCode[] answers;
        string name;

        await using (var one = await PayableGateway.StartAsync(redis, Settings))
        await using (var two = await PayableGateway.StartAsync(redis, Settings))
        {
            name = one.NewApp();
            one.Serve(name, app.Address);
            two.Serve(name, app.Address);
            using var toOne = one.Connector();
            using var toTwo = two.Connector();

            var paying = Task.WhenAll(Enumerable.Range(0, 50).Select(async i =>
            {
                var target = await (i % 2 == 0 ? one : two).SetUpAsync(name);
                await using var sender = new StreamSender(i % 2 == 0 ? toTwo : toOne, target.DestinationAccount, target.SharedSecret,
                    new StreamSenderOptions { MaxPacketAmount = 7_001 });
                return await sender.SendAsync(50_000 + (ulong)i, TestContext.Current.CancellationToken);
            }));
            var visiting = Task.WhenAll(Enumerable.Range(0, 100).Select(i => VisitAsync(i % 2 == 0 ? one : two, name)));
            payments = await paying;
            answers = [.. (await visiting).SelectMany(statuses => statuses)];
        }

        // The gateways have ended and returned their leases; a third one reads the balance.
        await using var reader = await PayableGateway.StartAsync(redis);
        var balance = await reader.BalanceAsync(name);
        var paid = payments.Aggregate(0UL, (sum, payment) => sum + payment.Delivered);
        var answered = answers.Count(status => status == HttpStatusCode.OK);
        Assert.All(payments, payment => Assert.Equal(PaymentEnding.Completed, payment.Ending));
        Assert.All(answers, status => Assert.True(
            status is HttpStatusCode.OK or HttpStatusCode.PaymentRequired or HttpStatusCode.ServiceUnavailable, status.ToString()));
        Assert.True(answered > 0);
        Assert.Equal(app.Served, answered);
        Assert.Equal(new Balance(paid, paid - (ulong)app.Served * Price, (ulong)app.Served * Price, 0), balance);
    }

    private static async Task<HttpStatusCode[]> VisitAsync(PayableGateway gateway, string name)
    {
        var statuses = new HttpStatusCode[RequestsEach];
        for (var i = 0; i < RequestsEach; i++)
        {
            using var answer = await gateway.Http.GetAsync(new Uri(gateway.UrlOf(name)), TestContext.Current.CancellationToken);
            statuses[i] = answer.StatusCode;
        }
        return statuses;
    }
}
