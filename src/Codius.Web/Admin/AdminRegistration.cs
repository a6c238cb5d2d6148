using Codius.Web.Admin.Access;
using Codius.Web.Admin.Api;

namespace Codius.Web.Admin;

/// <summary>Registers what the host's owner uses: health, metrics and the API; all but the probes need an admin token.</summary>
internal static class AdminRegistration
{
    public static WebApplicationBuilder AddAdmin(this WebApplicationBuilder builder)
    {
        builder.Services.AddGatewayMetrics();
        builder.Services.AddAdminAccess().AddAdminApi();
        return builder;
    }

    private static IServiceCollection AddAdminAccess(this IServiceCollection services) => services
        .AddSingleton<AdminTokens>()
        .AddSingleton<AdminAuthentication>()
        .AddSingleton<IAuditLog, AuditLog>()
        .AddSingleton<AuditedChanges>()
        .AddSingleton<IdempotencyKeys>()
        .AddSingleton<Actions.TokenActions>();
}
