using Codius.Web.Admin.Access;
using Codius.Web.Admin.Actions;
using Codius.Web.Admin.Alerts;
using Codius.Web.Admin.Api;
using Codius.Web.Admin.Dashboard;
using Codius.Web.Admin.Reading;
using Codius.Web.Balances.Debts;

namespace Codius.Web.Admin;

/// <summary>Registers what the host's owner uses: health, metrics and the API; all but the probes need an admin token.</summary>
internal static class AdminRegistration
{
    public static WebApplicationBuilder AddAdmin(this WebApplicationBuilder builder)
    {
        builder.Services.AddGatewayMetrics().AddAlerts();
        builder.Services.AddAdminAccess().AddAdminReading().AddAdminActions().AddAdminApi().AddDashboard();
        return builder;
    }

    private static IServiceCollection AddAdminAccess(this IServiceCollection services) => services
        .AddSingleton<AdminTokens>()
        .AddSingleton<AdminAuthentication>()
        .AddSingleton<IAuditLog, AuditLog>()
        .AddSingleton<AuditedChanges>()
        .AddSingleton<ChangeRate>()
        .AddSingleton<IdempotencyKeys>();

    private static IServiceCollection AddAdminReading(this IServiceCollection services) => services
        .AddSingleton<AccountReadings>()
        .AddSingleton<AppRows>()
        .AddSingleton<AppLimitsReader>()
        .AddSingleton<OwnerRows>()
        .AddSingleton<ConnectorRows>()
        .AddSingleton<HostSummaryReader>()
        .AddSingleton<PaymentFinder>()
        .AddSingleton<HostPayments>()
        .AddSingleton<AppEarnings>()
        .AddSingleton<WalletRows>();

    private static IServiceCollection AddAdminActions(this IServiceCollection services) => services
        .AddSingleton<TokenActions>()
        .AddSingleton<MoneyActions>()
        .AddSingleton<ISettlements, Settlements>()
        .AddSingleton<AppActions>()
        .AddSingleton<AppWake>();
}
