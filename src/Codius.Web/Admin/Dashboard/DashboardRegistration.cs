using Codius.Web.Admin.Access;
using Codius.Web.Admin.Dashboard.Actions;
using Codius.Web.Admin.Dashboard.Alerts;
using Codius.Web.Admin.Dashboard.Apps;
using Codius.Web.Admin.Dashboard.Audit;
using Codius.Web.Admin.Dashboard.Connectors;
using Codius.Web.Admin.Dashboard.Live;
using Codius.Web.Admin.Dashboard.Overview;
using Codius.Web.Admin.Dashboard.Payments;
using Codius.Web.Admin.Dashboard.Plots;
using Codius.Web.Admin.Dashboard.Rendering;
using Codius.Web.Admin.Dashboard.Sessions;
using Codius.Web.Admin.Dashboard.Tokens;
using Codius.Web.Admin.Dashboard.Traffic;
using Codius.Web.Admin.Dashboard.Wallets;
using Codius.Web.Admin.Reading;
using Codius.Web.Apps;
using Codius.Web.Pages.Rendering;

namespace Codius.Web.Admin.Dashboard;

/// <summary>Registers the owner's dashboard and maps its pages.</summary>
internal static class DashboardRegistration
{
    public static IServiceCollection AddDashboard(this IServiceCollection services)
    {
        services.AddSingleton<AdminSessions>();
        services.AddSingleton<AdminPage>();
        services.AddSingleton<PlotReader>();
        services.AddSingleton<PlotEndpoints>();
        services.AddSingleton<Happenings>().AddHostedService(provider => provider.GetRequiredService<Happenings>());
        services.AddSingleton<AppVisits>();
        services.AddSingleton<VisitPulse>().AddHostedService(provider => provider.GetRequiredService<VisitPulse>());
        services.AddSingleton<OverviewReader>();
        services.AddSingleton<OverviewParts>();
        services.AddSingleton<LiveOverview>();
        services.AddSingleton<LiveEndpoint>();
        services.AddSingleton<RefundAction>().AddSingleton<AdjustAction>().AddSingleton<SettleAction>();
        services.AddSingleton<WakeAction>().AddSingleton<SleepAction>().AddSingleton<BlockAction>().AddSingleton<UnblockAction>();
        services.AddSingleton<PriceAction>();
        services.AddSingleton<AppActionList>();
        services.AddSingleton<ActionEndpoint>();
        services.AddSingleton<OverviewEndpoint>();
        services.AddSingleton<AppsEndpoint>();
        services.AddSingleton<AppEndpoint>();
        services.AddSingleton<AppStatementEndpoint>();
        services.AddSingleton<ConnectorEndpoint>();
        services.AddSingleton<ChangesEndpoint>();
        services.AddSingleton<AlertsEndpoint>();
        services.AddSingleton<PaymentsEndpoint>().AddSingleton<WalletsEndpoint>();
        services.AddSingleton<TokensEndpoint>().AddSingleton<MakeTokenEndpoint>().AddSingleton<RevokeTokenAction>();
        return services;
    }

    public static IEndpointRouteBuilder MapDashboard(this IEndpointRouteBuilder endpoints)
    {
        // The pages of problems on this port have the styles of the host's pages.
        endpoints.MapPageAssets().MapDashboardAssets().MapSignIn();
        PlotEndpoints.Map(endpoints);
        OverviewEndpoint.Map(endpoints);
        LiveEndpoint.Map(endpoints);
        AppsEndpoint.Map(endpoints);
        AppEndpoint.Map(endpoints);
        AppStatementEndpoint.Map(endpoints);
        ConnectorEndpoint.Map(endpoints);
        ChangesEndpoint.Map(endpoints);
        AlertsEndpoint.Map(endpoints);
        PaymentsEndpoint.Map(endpoints);
        WalletsEndpoint.Map(endpoints);
        TokensEndpoint.Map(endpoints);
        MakeTokenEndpoint.Map(endpoints);
        var services = endpoints.ServiceProvider;
        var (catalog, connectors) = (services.GetRequiredService<IAppCatalog>(), services.GetRequiredService<ConnectorRows>());
        foreach (var action in services.GetRequiredService<AppActionList>().All)
            ActionEndpoint.Map(endpoints, "/admin/apps", "Apps", action, name => new(catalog.Current.TryFind(name, out _)));
        ActionEndpoint.Map(endpoints, "/admin/connectors", "", services.GetRequiredService<SettleAction>(),
            name => new(connectors.DebtorOf(name) is not null));
        var tokens = services.GetRequiredService<AdminTokens>();
        ActionEndpoint.Map(endpoints, TokensEndpoint.Path, "Tokens", services.GetRequiredService<RevokeTokenAction>(),
            async name => (await tokens.ListAsync()).Any(token => token.Name == name), back: TokensEndpoint.Path);
        return endpoints;
    }
}
