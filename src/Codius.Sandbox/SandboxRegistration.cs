using Codius.Sandbox.Connector;
using Codius.Sandbox.Money;
using Codius.Sandbox.Paying;
using Codius.Sandbox.Receiving;
using Codius.Sandbox.Ui;
using Interledger.Net.AspNetCore;
using Interledger.Net.Spsp;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Codius.Sandbox;

/// <summary>A wallet and a connector with play money, for one developer's machine: the real protocols, end to end, over loopback.</summary>
public static class SandboxRegistration
{
    public static IServiceCollection AddSandbox(this IServiceCollection services, Func<IServiceProvider, SandboxSettings> settings)
    {
        services.AddSingleton(settings).AddSingleton<SandboxTokens>().AddSingleton<PlayMoney>().AddSingleton<StateFile>();
        services.AddSingleton<StateStore>().AddHostedService(provider => provider.GetRequiredService<StateStore>());
        // After the store, so that it stops before it: the last payments are still saved.
        services.AddSingleton<PaymentDesk>().AddHostedService(provider => provider.GetRequiredService<PaymentDesk>());
        services.AddSingleton<SandboxConnector>().AddSingleton<HostWallet>().AddSingleton<WalletPages>();
        return services;
    }

    /// <summary>The URLs of <c>connector.{host}</c>.</summary>
    public static void MapSandboxConnector(this IEndpointRouteBuilder endpoints)
    {
        var connector = endpoints.ServiceProvider.GetRequiredService<SandboxConnector>();
        endpoints.MapIlpOverHttp("/ilp", connector.Peers, connector.HandleAsync);
    }

    /// <summary>The URLs of <c>wallet.{host}</c>: the visitor's page, and the host's receiving wallet.</summary>
    public static void MapSandboxWallet(this IEndpointRouteBuilder endpoints)
    {
        var wallet = endpoints.ServiceProvider.GetRequiredService<HostWallet>();
        endpoints.MapIlpOverHttp("/ilp", wallet.Peers, wallet.HandleAsync);
        endpoints.MapSpsp("/.well-known/pay", (_, receipts) => ValueTask.FromResult<SpspResponse?>(wallet.Answer(receipts)));

        var pages = endpoints.ServiceProvider.GetRequiredService<WalletPages>();
        endpoints.MapGet("/", pages.ShowAsync);
        endpoints.MapPost("/pay", pages.PayAsync);
        endpoints.MapPost("/stop", pages.StopAsync);
        endpoints.MapPost("/refill", pages.RefillAsync);
        endpoints.MapGet("/assets/{file}", WalletAssets.GetAsync);
    }
}
