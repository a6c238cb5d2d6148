using Codius.Web.Balances;
using Codius.Web.Hosting;
using Codius.Web.Hosting.Secrets;
using Microsoft.Extensions.Options;
using NSec.Cryptography;
using OpenPayments.Net;
using OpenPayments.Net.Clients;
using OpenPayments.Net.Grants;
using OpenPayments.Net.IncomingPayments;
using OpenPayments.Net.Signatures;
using OpenPayments.Net.WalletAddresses;

namespace Codius.Web.Payments.OpenPayments;

/// <summary>Embeds the receiving side of Open Payments, in Direct mode: today's Web Monetization pays this way.</summary>
internal static class OpenPaymentsRegistration
{
    private const string KeyId = "codius";

    public static void AddOpenPayments(this IServiceCollection services)
    {
        services.AddSingleton(provider => new OpenPaymentsOptions { Origin = provider.GetRequiredService<HostNames>().Origin });
        services.AddSingleton(provider => new GrantTokens([.. provider.GetRequiredService<HostSecrets>().All.Select(secret => secret.Derive("grant tokens"))]));
        services.AddSingleton(provider =>
        {
            var insecure = provider.GetRequiredService<IOptions<PaymentsOptions>>().Value.InsecureClients == true;
            var time = provider.GetRequiredService<TimeProvider>();
            return new ClientKeys(KeyFetchHandler.CreateClient(insecure, time), insecure, time);
        });
        services.AddSingleton<ICancelledGrants, RedisCancelledGrants>();
        services.AddSingleton<IWalletAddresses, GatewayWalletAddresses>();
        services.AddSingleton<IGrantDoor>(provider => provider.GetRequiredService<AnonymousDoors>());
        services.AddSingleton<GatewayIncomingPayments>();
        services.AddSingleton<IIncomingPayments>(provider => provider.GetRequiredService<GatewayIncomingPayments>());
        services.AddSingleton<IPaymentMethods>(provider => provider.GetRequiredService<GatewayIncomingPayments>());
        services.AddSingleton(provider => new MessageSigner(
            Key.Import(SignatureAlgorithm.Ed25519, provider.GetRequiredService<HostSecrets>().Current.Derive("open payments client"), KeyBlobFormat.RawPrivateKey),
            KeyId, provider.GetRequiredService<TimeProvider>()));
        services.AddOpenPaymentsReceiver();
    }

    /// <summary>The authorization and the resource server, on the host's own name; anyone may ask, at a rate.</summary>
    public static void MapOpenPaymentsOfHost(this IEndpointRouteBuilder endpoints)
    {
        var doors = endpoints.ServiceProvider.GetRequiredService<AnonymousDoors>();
        endpoints.MapOpenPayments().Add(endpoint =>
        {
            var next = endpoint.RequestDelegate!;
            endpoint.RequestDelegate = async context =>
            {
                AccountId? account = AccountId.TryParse(context.GetRouteValue("account") as string, out var id) ? id : null;
                if (!await doors.EnterAsync(context, account is null ? AnonymousDoors.Grants : "incoming payments", account)) return;
                await next(context);
                if (context.Response.StatusCode >= 400) PaymentsMeter.Refused("open payments", context.Response.StatusCode.ToString(System.Globalization.CultureInfo.InvariantCulture));
            };
        });
    }
}
