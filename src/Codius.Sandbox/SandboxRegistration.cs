using Codius.Sandbox.Connector;
using Codius.Sandbox.Granting;
using Codius.Sandbox.Money;
using Codius.Sandbox.Ordering;
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
        services.AddSingleton<SandboxConnector>().AddSingleton<HostWallet>().AddSingleton<HostWalletServer>();
        services.AddSingleton<VisitorAddress>().AddSingleton<VisitorGrants>().AddSingleton<WalletClients>().AddSingleton<GrantEndpoints>();
        services.AddSingleton<SignedCalls>().AddSingleton<ReceiverReader>().AddSingleton<WalletQuotes>().AddSingleton<OrderEndpoints>();
        services.AddSingleton<PageWriter>().AddSingleton<WalletPages>().AddSingleton<ConsentPages>().AddSingleton<HostPages>();
        return services;
    }

    /// <summary>The URLs of <c>connector.{host}</c>.</summary>
    public static void MapSandboxConnector(this IEndpointRouteBuilder endpoints)
    {
        var connector = endpoints.ServiceProvider.GetRequiredService<SandboxConnector>();
        endpoints.MapIlpOverHttp("/ilp", connector.Peers, connector.HandleAsync);
    }

    /// <summary>The URLs of <c>wallet.{host}</c>: the visitor's wallet with its page, and the host's receiving wallet.</summary>
    public static void MapSandboxWallet(this IEndpointRouteBuilder endpoints)
    {
        MapHostWallet(endpoints);
        MapVisitorWallet(endpoints);

        var pages = endpoints.ServiceProvider.GetRequiredService<WalletPages>();
        endpoints.MapGet("/", pages.ShowAsync);
        endpoints.MapPost("/pay", pages.PayAsync);
        endpoints.MapPost("/stop", pages.StopAsync);
        endpoints.MapPost("/refill", pages.RefillAsync);
        endpoints.MapGet("/assets/{file}", WalletAssets.GetAsync);
    }

    private static void MapHostWallet(IEndpointRouteBuilder endpoints)
    {
        var wallet = endpoints.ServiceProvider.GetRequiredService<HostWallet>();
        endpoints.MapIlpOverHttp("/ilp", wallet.Peers, wallet.HandleAsync);
        endpoints.MapSpsp("/.well-known/pay", (_, receipts) => ValueTask.FromResult<SpspResponse?>(wallet.Answer(receipts)));
        endpoints.ServiceProvider.GetRequiredService<HostWalletServer>().Map(endpoints);
        endpoints.MapGet(HostPages.Path, endpoints.ServiceProvider.GetRequiredService<HostPages>().ShowAsync);
    }

    private static void MapVisitorWallet(IEndpointRouteBuilder endpoints)
    {
        var address = endpoints.ServiceProvider.GetRequiredService<VisitorAddress>();
        endpoints.MapGet(VisitorAddress.Path, address.WriteAsync);
        endpoints.MapGet(VisitorAddress.Path + "/jwks.json", address.WriteKeysAsync);

        var grants = endpoints.ServiceProvider.GetRequiredService<GrantEndpoints>();
        var auth = endpoints.MapGroup(VisitorAddress.Path + "/auth");
        auth.MapPost("", grants.RequestAsync);
        auth.MapPost("/continue/{id}", grants.ContinueAsync);
        auth.MapDelete("/continue/{id}", grants.CancelAsync);
        auth.MapPost("/token/{id}", grants.RotateAsync);
        auth.MapDelete("/token/{id}", grants.RevokeAsync);

        var consents = endpoints.ServiceProvider.GetRequiredService<ConsentPages>();
        endpoints.MapGet(GrantEndpoints.ConsentPath + "{id}", consents.ShowAsync);
        endpoints.MapPost(GrantEndpoints.ConsentPath + "{id}", consents.DecideAsync);

        var orders = endpoints.ServiceProvider.GetRequiredService<OrderEndpoints>();
        endpoints.MapPost(VisitorAddress.Path + "/quotes", orders.QuoteAsync);
        endpoints.MapGet(VisitorAddress.Path + "/quotes/{id}", orders.ShowQuoteAsync);
        endpoints.MapPost(VisitorAddress.Path + "/outgoing-payments", orders.PayAsync);
        endpoints.MapGet(VisitorAddress.Path + "/outgoing-payments/{id}", orders.ShowPaymentAsync);
    }
}
