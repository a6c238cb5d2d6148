using Codius.Web.Hosting.Rates;
using Codius.Web.Pages.Paying;
using Microsoft.Extensions.Options;
using OpenPayments.Net.Clients;
using OpenPayments.Net.Paying;
using OpenPayments.Net.Signatures;

namespace Codius.Web.Payments.OwnWallet;

/// <summary>Makes the gateway a client of visitors' wallets.</summary>
internal static class OwnWalletRegistration
{
    // Before it answers a quote request, the wallet fetches our incoming payment and probes the path.
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(15);

    public static void AddOwnWallet(this IServiceCollection services)
    {
        services.AddSingleton(provider =>
        {
            var insecure = provider.GetRequiredService<IOptions<PaymentsOptions>>().Value.InsecureClients == true;
            return new WalletCalls(GuardedHttp.Create(insecure, Timeout), insecure, provider.GetRequiredService<MessageSigner>());
        });
        services.AddSingleton<OwnWalletFlow>().AddSingleton<ConsentCookie>().AddSingleton<SpentConsents>()
            .AddSingleton<OwnWalletEndpoints>();
    }

    /// <summary>On each app's own host.</summary>
    public static void MapOwnWallet(this IEndpointRouteBuilder endpoints)
    {
        var wallet = endpoints.ServiceProvider.GetRequiredService<OwnWalletEndpoints>();
        endpoints.MapPost(WalletFormModel.Path, wallet.StartAsync).WithOwnRate(OwnWalletEndpoints.Endpoint);
        endpoints.MapGet(WalletFormModel.Path + "/return", wallet.ReturnAsync).WithOwnRate(OwnWalletEndpoints.Endpoint);
    }
}
