using Codius.Testing.Stores;
using Codius.Web.Payments.HostWallet;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Codius.Web.Tests.Payments.HostWallet;

/// <summary>A gateway starts without its wallet, and knows it from an earlier start.</summary>
public sealed class WalletAtStartTests : IAsyncLifetime
{
    private readonly RedisServer _redis = new();
    private HostWalletStage _stage = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _stage = await HostWalletStage.PrepareAsync();

    public async ValueTask DisposeAsync()
    {
        await _stage.DisposeAsync();
        await _redis.DisposeAsync();
    }

    [Fact]
    public async Task While_the_wallet_is_away_payments_wait_and_visits_go_on()
    {
        _stage.Proxy.Fault = DownAsync;
        await _stage.BeginAsync();
        var app = _stage.Gateway.NewApp();

        using var address = await _stage.Gateway.GetAsync(_stage.Gateway.UrlOf(app) + ".well-known/pay", "application/json");
        using var visit = await _stage.Gateway.GetAsync(_stage.Gateway.UrlOf(app), "text/html");
        var page = await visit.Content.ReadAsStringAsync(Stop);
        Assert.Equal((503, 402), ((int)address.StatusCode, (int)visit.StatusCode));
        Assert.DoesNotContain("rel=\"monetization\"", page, StringComparison.Ordinal);
        Assert.Contains("cannot be paid at the moment", page, StringComparison.Ordinal);
        Assert.False(visit.Headers.Contains("Link"));

        _stage.Proxy.Fault = null;
        await _stage.Gateway.Services.GetRequiredService<HostWalletReader>().ReadAsync(Stop);
        using var payable = await _stage.Gateway.GetAsync(_stage.Gateway.UrlOf(app), "text/html");
        Assert.True(payable.Headers.Contains("Link"));
        Assert.Contains("rel=\"monetization\"", await payable.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
        var (url, method) = await _stage.CreateAsync(app);
        await _stage.PayAsync(method, 9);
        await _stage.UntilCreditedAsync(app, 9, url);
    }

    [Fact]
    public async Task A_gateway_that_starts_during_an_outage_knows_the_wallet_from_before()
    {
        await _redis.StartAsync(Stop);
        await _stage.BeginAsync(_redis);
        var app = _stage.Gateway.NewApp();
        var (url, method) = await _stage.CreateAsync(app);
        await _stage.Gateway.DisposeAsync();
        await _stage.PayAsync(method, 9);

        _stage.Proxy.Fault = DownAsync;
        await _stage.BeginAsync(_redis);
        _stage.Gateway.Deploy(app);

        using var address = await _stage.Gateway.GetAsync(_stage.Gateway.UrlOf(app) + ".well-known/pay", "application/json");
        Assert.Equal(200, (int)address.StatusCode);
        // What was made before is not forgotten, and what was paid meanwhile is credited.
        Assert.Equal(method.DestinationAccount, HostWalletStage.MethodOf(await _stage.ReadAsync(app, url)).DestinationAccount);
        _stage.Proxy.Fault = null;
        await _stage.UntilCreditedAsync(app, 9, url);
    }

    private static Task<bool> DownAsync(HttpContext context)
    {
        context.Response.StatusCode = 503;
        return Task.FromResult(true);
    }
}
