using Codius.Web.Admin.Api.Steering;
using Codius.Web.Balances;
using Codius.Web.Hosting;
using Microsoft.AspNetCore.Mvc;

namespace Codius.Web.Admin.Api;

/// <summary>The owner's API: its URLs by resource, below <c>/admin/api/v1</c>, and its description.</summary>
internal static class AdminApi
{
    public const string Root = "/admin/api/v1";
    private const int MaxBody = 64 * 1024;

    private static readonly Problem NoLedger = Problem.LedgerUnavailable(
        5, "The host's store does not answer, so what was asked for is not known, or not done. Try again, with the same Idempotency-Key.");

    public static IServiceCollection AddAdminApi(this IServiceCollection services) =>
        services.AddSingleton<MoneyRequests>().AddSingleton<ApiEvents>().AddAdminApiDocument();

    public static IEndpointRouteBuilder MapAdminApi(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapAdminApiDocument();
        endpoints.MapAdminApiPage();
        var api = endpoints.MapGroup(Root).WithMetadata(new RequestSizeLimitAttribute(MaxBody));
        api.AddEndpointFilter(AnswerWithoutStoreAsync);
        api.MapHost().MapApps().MapAccounts().MapStatements().MapPayments().MapDeployTokens().MapConnectors().MapTokens().MapAudit()
            .MapEvents().MapSteering().MapAlerts();
        return endpoints;
    }

    private static async ValueTask<object?> AnswerWithoutStoreAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (LedgerUnavailableException)
        {
            return new ApiProblem(NoLedger);
        }
    }
}
