using System.Net;

namespace Codius.Web.Tests.Payments;

/// <summary>The anonymous doors let nobody through faster than the owner says.</summary>
public sealed class LimitsTests
{
    private static readonly string[] Three = ["Payments:PerClient=1", "Payments:PerClientBurst=3"];

    [Fact]
    public async Task One_client_may_ask_so_often_at_each_door_and_is_then_told_to_wait()
    {
        await using var gateway = await PayableGateway.StartAsync(settings: Three);
        using var refused = new RefusalCounter("spsp", "too many, by client");
        var app = gateway.NewApp();

        for (var i = 0; i < 3; i++) await gateway.SetUpAsync(app);
        using var fourth = await gateway.AskAsync(gateway.UrlOf(app) + ".well-known/pay");
        using var unknown = await gateway.AskAsync(gateway.Host + "/pay/nobody");

        Assert.Equal((HttpStatusCode.TooManyRequests, HttpStatusCode.TooManyRequests), (fourth.StatusCode, unknown.StatusCode));
        Assert.Equal("1", fourth.Headers.GetValues("Retry-After").Single());
        Assert.Equal("*", fourth.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.True(refused.Count >= 2);

        // The other doors have rates of their own, and a connector has none.
        for (var i = 0; i < 3; i++) Assert.Equal(400, (await gateway.PostAsync($"/balances/{app}:creditReceipt", "AAAA")).Status);
        Assert.Equal(429, (await gateway.PostAsync($"/balances/{app}:creditReceipt", "AAAA")).Status);
        using var balance = await gateway.AskAsync($"{gateway.Host}/balances/{app}", "*/*");
        Assert.Equal(HttpStatusCode.NotFound, balance.StatusCode);
    }

    [Fact]
    public async Task All_clients_together_may_ask_so_often_for_one_account()
    {
        await using var gateway = await PayableGateway.StartAsync(settings: ["Payments:PerAccount=1", "Payments:PerAccountBurst=2"]);
        var (app, other) = (gateway.NewApp(), gateway.NewApp());

        for (var i = 0; i < 2; i++) await gateway.SetUpAsync(app);
        using var third = await gateway.AskAsync(gateway.UrlOf(app) + ".well-known/pay");

        Assert.Equal(HttpStatusCode.TooManyRequests, third.StatusCode);
        await gateway.SetUpAsync(other);
    }
}
