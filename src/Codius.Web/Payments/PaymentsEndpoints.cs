using Codius.Web.Hosting.AdminAccess;
using Codius.Web.Hosting.Rates;
using Codius.Web.Payments.OpenPayments;
using Codius.Web.Payments.OwnWallet;
using Codius.Web.Payments.Setup;
using Codius.Web.Payments.Streaming;
using Codius.Web.Payments.TopUp;
using Microsoft.Extensions.Options;

namespace Codius.Web.Payments;

/// <summary>Maps the endpoints of incoming payments.</summary>
internal static class PaymentsEndpoints
{
    private const string Pay = "/.well-known/pay";
    private const string Account = "/balances/{account}";
    private static readonly string[] Options = [HttpMethods.Options];

    /// <summary>On each app's own host.</summary>
    public static IEndpointRouteBuilder MapPaymentsOfApp(this IEndpointRouteBuilder endpoints)
    {
        var setup = endpoints.ServiceProvider.GetRequiredService<SetupEndpoints>();
        endpoints.MapGet(Pay, setup.OfAppAsync).WithOwnRate(SetupEndpoints.Endpoint);
        endpoints.MapGet(Pay + "/jwks.json", setup.KeysOfAppAsync).WithOwnRate(SetupEndpoints.Endpoint);
        endpoints.MapMethods(Pay, Options, SetupEndpoints.OptionsAsync);
        endpoints.MapOwnWallet();
        return endpoints;
    }

    /// <summary>On the host's own name.</summary>
    public static IEndpointRouteBuilder MapPaymentsOfHost(this IEndpointRouteBuilder endpoints)
    {
        var services = endpoints.ServiceProvider;
        var setup = services.GetRequiredService<SetupEndpoints>();
        endpoints.MapGet(Pay, setup.OfHostAsync).WithOwnRate(SetupEndpoints.Endpoint);
        endpoints.MapGet(Pay + "/jwks.json", setup.KeysOfHostAsync).WithOwnRate(SetupEndpoints.Endpoint);
        endpoints.MapMethods(Pay, Options, SetupEndpoints.OptionsAsync);
        endpoints.MapGet("/pay/{account}", setup.OfAccountAsync).WithOwnRate(SetupEndpoints.Endpoint);
        endpoints.MapGet("/pay/{account}/jwks.json", setup.KeysOfAccountAsync).WithOwnRate(SetupEndpoints.Endpoint);
        endpoints.MapMethods("/pay/{account}", Options, SetupEndpoints.OptionsAsync);

        var balances = services.GetRequiredService<BalanceEndpoints>();
        endpoints.MapGet(Account, balances.ReadAsync).WithOwnRate(BalanceEndpoints.BalanceEndpoint);
        endpoints.MapPost(Account + ":creditReceipt", balances.CreditReceiptAsync).WithOwnRate(BalanceEndpoints.ReceiptsEndpoint);
        endpoints.MapMethods(Account, Options, BalanceEndpoints.OptionsAsync);

        endpoints.MapOpenPaymentsOfHost();
        if (services.GetRequiredService<IOptions<PaymentsOptions>>().Value.Receiver == PaymentsMode.Direct) endpoints.MapPackets("/ilp");
        return endpoints;
    }

    /// <summary>On the management port, all with the admin token: the receipt verifier's endpoints for internal programs.</summary>
    public static IEndpointRouteBuilder MapPaymentsOfManagement(this IEndpointRouteBuilder endpoints)
    {
        var verifier = endpoints.ServiceProvider.GetRequiredService<VerifierEndpoints>();
        endpoints.MapPost(Account + ":spend", verifier.SpendAsync).RequireAdminToken();
        endpoints.MapPost("/verify", verifier.VerifyAsync).RequireAdminToken();
        endpoints.MapPost("/receipts", verifier.VerifyAsync).RequireAdminToken();
        return endpoints;
    }

    /// <summary>
    /// On the management port, in the table of the owner's pages: connectors' debts, for programs with the admin token.
    /// </summary>
    /// <remarks>In a table before that one, <c>{name}:settle</c> would answer a page's GET with 405.</remarks>
    public static IEndpointRouteBuilder MapConnectorsOfOwner(this IEndpointRouteBuilder endpoints)
    {
        var connectors = endpoints.ServiceProvider.GetRequiredService<ConnectorEndpoints>();
        endpoints.MapGet("/admin/connectors", connectors.ListAsync).RequireAdminToken();
        endpoints.MapPost("/admin/connectors/{name}:settle", connectors.SettleAsync).RequireAdminToken();
        return endpoints;
    }
}
