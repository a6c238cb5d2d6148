using Codius.Web.Balances;
using Codius.Web.Hosting;
using Codius.Web.Hosting.Rates;
using Codius.Web.Hosting.Secrets;
using Codius.Web.Payments.HostWallet;
using Codius.Web.Payments.Setup;
using Microsoft.Extensions.Options;
using OpenPayments.Net;
using OpenPayments.Net.Grants;
using OpenPayments.Net.WalletAddresses;

namespace Codius.Web.Payments.OpenPayments;

/// <summary>Embeds the receiving side of Open Payments, in both modes: today's Web Monetization pays this way.</summary>
internal static class OpenPaymentsRegistration
{
    public static void AddOpenPaymentsOfHost(this IServiceCollection services)
    {
        services.AddOptions<OpenPaymentsOptions>().Configure<HostNames, HostSecrets, IOptions<PaymentsOptions>, LiveGateways, TimeProvider>(
            (servers, names, secrets, payments, gateways, time) =>
        {
            servers.Origin = names.Origin;
            foreach (var secret in secrets.All) servers.TokenKeys.Add(secret.Derive("grant tokens"));
            // The names of both change with the key, and the one before is published for grants that were signed with it.
            var signing = secrets.All.Select(secret => secret.Derive("open payments client")).ToArray();
            servers.SigningKey = signing[0];
            foreach (var previous in signing[1..]) servers.PreviousSigningKeys.Add(previous);
            servers.SigningKeyPrefix = "codius";
            servers.WalletAddressPath = null; // an app's is on its own host: see Setup
            servers.LongestAccount = AccountId.MaxLength;
            servers.AllowInsecureClients = payments.Value.InsecureClients == true;
            servers.Servers = () => gateways.Count;
            servers.KeyFetchClient = () => KeyFetchHandler.CreateClient(servers.AllowInsecureClients, time);
        });
        services.AddOpenPayments();
        services.AddSingleton<ICancelledGrants, NotedCancelledGrants>();
        services.AddSingleton<IWalletAddresses, GatewayWalletAddresses>();
        services.AddSingleton<IGrantRateLimiter>(provider => provider.GetRequiredService<AnonymousRateLimiter>());
        services.AddSingleton<GatewayIncomingPayments>();
    }

    /// <summary>The authorization and the resource server, on the host's own name; open to anonymous callers at a limited rate.</summary>
    public static void MapOpenPaymentsOfHost(this IEndpointRouteBuilder endpoints)
    {
        var limiter = endpoints.ServiceProvider.GetRequiredService<AnonymousRateLimiter>();
        var clients = endpoints.ServiceProvider.GetRequiredService<GrantedClients>();
        var accounts = endpoints.ServiceProvider.GetRequiredService<PayableAccounts>();
        var hints = endpoints.ServiceProvider.GetRequiredService<WalletHints>();
        endpoints.MapOpenPayments().WithOwnRate("open payments").Add(endpoint =>
        {
            var next = endpoint.RequestDelegate!;
            endpoint.RequestDelegate = async context =>
            {
                AccountId? account = AccountId.TryParse(context.GetRouteValue("account") as string, out var id) ? id : null;
                var name = account is null ? AnonymousRateLimiter.Grants : "incoming payments";
                var (client, creator) = (clients.Of(context.Request), clients.CreatorOf(context.Request));
                if (!await limiter.EnterOpenPaymentsAsync(context, name, account, client, creator)) return;
                if (IsNewPayment(context) && account is { } paid && accounts.BlockedWordsOf(paid) is { } words)
                {
                    PaymentsMeter.Refused("open payments", "blocked");
                    CorsForPages.Allow(context);
                    await Problems.WriteAsync(context, Problem.AppBlocked(words));
                    return;
                }
                await next(context);
                await hints.AnsweredAsync(context);
                if (context.Response.StatusCode >= 400)
                    PaymentsMeter.Refused("open payments",
                        context.Response.StatusCode.ToString(System.Globalization.CultureInfo.InvariantCulture));
            };
        });
    }

    /// <summary>One that was made before can still be read and completed.</summary>
    private static bool IsNewPayment(HttpContext context) =>
        HttpMethods.IsPost(context.Request.Method) && context.GetRouteValue("account") is not null
        && context.GetRouteValue("sealed") is null;
}
