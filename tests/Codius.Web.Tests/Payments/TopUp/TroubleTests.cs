using System.Net.Http.Json;
using System.Text.Json;
using Codius.Testing.Stores;
using Codius.Web.Balances;
using Interledger.Net.Packets;
using Interledger.Net.Streaming.Frames;
using Microsoft.Extensions.DependencyInjection;

namespace Codius.Web.Tests.Payments.TopUp;

/// <summary>Money and a failing store: a payer never loses, and nothing is credited twice.</summary>
public sealed class TroubleTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task While_the_store_is_down_packets_are_rejected_and_once_it_is_back_the_same_packet_is_credited_once()
    {
        await using var redis = new RedisServer();
        await redis.StartAsync(Stop);
        await using var gateway = await PayableGateway.StartAsync(redis, ["Redis:Timeout=00:00:00.5"]);
        var app = gateway.NewApp();
        var payer = new PacketMaker(await gateway.SetUpAsync(app));
        using var connector = gateway.Connector();
        var packet = payer.Money(300, TimeSpan.FromMinutes(2));
        Assert.IsType<IlpFulfill>(await PacketMaker.SendAsync(connector, payer.Money(100)));

        await redis.KillAsync();
        var rejected = Assert.IsType<IlpReject>(await PacketMaker.SendAsync(connector, payer.Money(7, TimeSpan.FromSeconds(3))));
        Assert.Equal(IlpErrorCode.T00InternalError, rejected.Code);
        var balance = await gateway.Http.GetAsync($"{gateway.Host}/balances/{app}", Stop);
        Assert.Equal(503, (int)balance.StatusCode);
        Assert.Equal("degraded", await StateAsync(gateway));

        var underway = PacketMaker.SendAsync(connector, packet);
        await redis.StartAsync(Stop);
        Assert.IsType<IlpFulfill>(await underway);
        Assert.IsType<IlpFulfill>(await PacketMaker.SendAsync(connector, packet));

        Assert.Equal(400UL, (await gateway.BalanceAsync(app)).Credited);
        Assert.Equal("good", await StateAsync(gateway));
    }

    [Fact]
    public async Task An_account_that_cannot_be_paid_is_not_read()
    {
        await using var redis = new RedisServer();
        await redis.StartAsync(Stop);
        await using var gateway = await PayableGateway.StartAsync(redis, ["Redis:Timeout=00:00:00.5"]);
        var app = gateway.NewApp();
        await redis.KillAsync();

        Assert.Equal((503, 404, 404), (await StatusAsync(app), await StatusAsync("nobody"), await StatusAsync("t-abc")));

        async Task<int> StatusAsync(string account) =>
            (int)(await gateway.Http.GetAsync($"{gateway.Host}/balances/{account}", Stop)).StatusCode;
    }

    [Fact]
    public async Task A_lost_answer_is_asked_for_again_and_the_packet_is_credited_once()
    {
        WatchedLedger? ledger = null;
        await using var gateway = await PayableGateway.StartAsync(services: services => Watch(services, watched => ledger = watched));
        var app = gateway.NewApp();
        using var connector = gateway.Connector();
        var payer = new PacketMaker(await gateway.SetUpAsync(app));
        var lost = 3;
        ledger!.Credited = result => lost-- > 0 ? new CreditResult(CreditOutcome.Unavailable) : result;

        Assert.IsType<IlpFulfill>(await PacketMaker.SendAsync(connector, payer.Money(300)));

        Assert.Equal(300UL, (await gateway.BalanceAsync(app)).Credited);
    }

    [Theory]
    [InlineData(CreditOutcome.Expired, "R00", false)]
    [InlineData(CreditOutcome.NoRoom, "F08", false)]
    [InlineData(CreditOutcome.Closed, "F99", true)]
    public async Task What_the_ledger_refuses_is_never_fulfilled(object outcome, string code, bool closes)
    {
        WatchedLedger? ledger = null;
        await using var gateway = await PayableGateway.StartAsync(services: services => Watch(services, watched => ledger = watched));
        using var connector = gateway.Connector();
        var payer = new PacketMaker(await gateway.SetUpAsync(gateway.NewApp()));
        using var refused = new RefusalCounter("packet",
            outcome switch { CreditOutcome.Expired => "expired", CreditOutcome.Closed => "closed", _ => "no room" });
        ledger!.Credited = _ => new CreditResult((CreditOutcome)outcome);

        var reply = Assert.IsType<IlpReject>(await PacketMaker.SendAsync(connector, payer.Money(300)));

        Assert.Equal(code, reply.Code.ToString());
        if (closes) Assert.Contains(payer.Open(reply).Frames, frame => frame is ConnectionCloseFrame);
        refused.AssertAtLeast(1);
    }

    [Fact]
    public async Task A_gateway_that_falls_between_credit_and_fulfill_costs_nobody_once_the_packet_comes_to_another()
    {
        await using var redis = new RedisServer();
        await redis.StartAsync(Stop);
        WatchedLedger? ledger = null;
        await using var falling = await PayableGateway.StartAsync(redis, services: services =>
            Watch(services, watched => ledger = watched));
        await using var other = await PayableGateway.StartAsync(redis);
        var app = falling.NewApp();
        other.Deploy(app);
        var packet = new PacketMaker(await falling.SetUpAsync(app)).Money(300, TimeSpan.FromSeconds(4));
        using var first = falling.Connector();
        using var second = other.Connector();
        ledger!.Credited = _ => new CreditResult(CreditOutcome.Unavailable); // it has credited, and never gets the reply

        var underway = PacketMaker.SendAsync(first, packet);
        Assert.IsType<IlpFulfill>(await PacketMaker.SendAsync(second, packet));
        Assert.Equal(IlpErrorCode.T00InternalError, Assert.IsType<IlpReject>(await underway).Code);

        Assert.Equal(new Balance(300, 300, 0, 0), await other.BalanceAsync(app));
    }

    [Fact]
    public async Task A_receipt_that_could_not_be_counted_can_be_posted_again()
    {
        await using var redis = new RedisServer();
        await redis.StartAsync(Stop);
        await using var gateway = await PayableGateway.StartAsync(redis, ["Redis:Timeout=00:00:00.5"]);
        var app = gateway.NewApp();
        var (nonce, secret) = gateway.Services.GetRequiredService<Codius.Web.Payments.Setup.ReceiptSecrets>()
            .Issue(TimeProvider.System.GetUtcNow(), AccountId.OfApp(app), 9);
        var receipt = Convert.ToBase64String(new Interledger.Net.Receipts.StreamReceipt(nonce, 1, 50).Sign(secret));

        await redis.KillAsync();
        Assert.Equal(503, (await gateway.PostAsync($"/balances/{app}:creditReceipt", receipt)).Status);
        await redis.StartAsync(Stop);

        await Codius.Testing.Eventually.TrueAsync("the receipt is credited", async () =>
            await gateway.PostAsync($"/balances/{app}:creditReceipt", receipt) == (200, "50") ? true : (bool?)null);
        Assert.Equal(50UL, (await gateway.BalanceAsync(app)).Credited);
    }

    private static async Task<string?> StateAsync(PayableGateway gateway)
    {
        var health = await gateway.Management.GetFromJsonAsync<JsonElement>("/admin/health", Stop);
        return health.GetProperty("parts").GetProperty("payments").GetProperty("state").GetString();
    }

    private static void Watch(IServiceCollection services, Action<WatchedLedger> made)
    {
        services.AddSingleton<RedisBalanceLedger>();
        services.AddSingleton<IBalanceLedger>(provider =>
        {
            var watched = new WatchedLedger(provider.GetRequiredService<RedisBalanceLedger>());
            made(watched);
            return watched;
        });
    }
}
