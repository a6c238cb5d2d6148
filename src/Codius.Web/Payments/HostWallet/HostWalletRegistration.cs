using Codius.Web.Balances.WalletPayments;
using Codius.Web.Hosting;
using Codius.Web.Hosting.Alerting;
using Codius.Web.Hosting.Observability;
using Codius.Web.Payments.OpenPayments;
using Microsoft.Extensions.Options;
using OpenPayments.Net.IncomingPayments;
using OpenPayments.Net.Paying;
using OpenPayments.Net.Receiving;
using OpenPayments.Net.Signatures;

namespace Codius.Web.Payments.HostWallet;

/// <summary>Registers the host's wallet: what is known of it, the payments that are made there, and the looks at them.</summary>
internal static class HostWalletRegistration
{
    public static void AddHostWallet(this IServiceCollection services)
    {
        services.AddSingleton(provider =>
        {
            var signer = provider.GetRequiredService<MessageSigner>();
            var insecure = provider.GetRequiredService<IOptions<PaymentsOptions>>().Value.InsecureClients == true;
            return new ReceivingClient(
                new WalletCalls(WalletCallHandler.CreateClient(provider), insecure, signer),
                new ClientIdentity(signer.PublicJwk, provider.GetRequiredService<HostNames>().HostWalletAddress),
                provider.GetRequiredService<TimeProvider>());
        });
        services.AddSingleton<HostWalletState>().AddSingleton<KeptWalletDocument>().AddSingleton<WalletCallBudget>();
        services.AddSingleton<WalletPaymentCreator>().AddSingleton<WalletIncomingPayments>().AddSingleton<SpspPayments>();
        // In Wallet mode in the place of the gateway's own receiver.
        services.AddSingleton<IIncomingPayments>(provider => IsMode(provider)
            ? provider.GetRequiredService<WalletIncomingPayments>() : provider.GetRequiredService<GatewayIncomingPayments>());
        services.AddSingleton<IPaymentMethods>(provider => IsMode(provider)
            ? provider.GetRequiredService<WalletIncomingPayments>() : provider.GetRequiredService<GatewayIncomingPayments>());
        services.AddSingleton<WalletHints>().AddSingleton<WalletCrediting>().AddSingleton<WalletLook>();
        services.AddSingleton<IHostWallets, HostWallets>();
        services.AddSingleton<GivenUpAlerts>().AddHostedService(provider => provider.GetRequiredService<GivenUpAlerts>());
        services.AddSingleton<IAlertSource>(provider => provider.GetRequiredService<GivenUpAlerts>());
        services.AddSingleton<IGauges>(provider => provider.GetRequiredService<GivenUpAlerts>());
        services.AddSingleton<HostWalletReader>().AddHostedService(provider => provider.GetRequiredService<HostWalletReader>());
        services.AddSingleton<WalletLooks>().AddHostedService(provider => provider.GetRequiredService<WalletLooks>());
    }

    private static bool IsMode(IServiceProvider provider) => provider.GetRequiredService<HostWalletState>().IsMode;
}
