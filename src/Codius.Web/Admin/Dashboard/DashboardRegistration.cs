using Codius.Web.Admin.Dashboard.Actions;
using Codius.Web.Admin.Dashboard.Apps;
using Codius.Web.Admin.Dashboard.Audit;
using Codius.Web.Admin.Dashboard.Connectors;
using Codius.Web.Admin.Dashboard.Live;
using Codius.Web.Admin.Dashboard.Overview;
using Codius.Web.Admin.Dashboard.Plots;
using Codius.Web.Admin.Dashboard.Rendering;
using Codius.Web.Admin.Dashboard.Sessions;
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
        var services = endpoints.ServiceProvider;
        var (catalog, connectors) = (services.GetRequiredService<IAppCatalog>(), services.GetRequiredService<ConnectorRows>());
        foreach (var action in services.GetRequiredService<AppActionList>().All)
            ActionEndpoint.Map(endpoints, "/admin/apps", "Apps", action, name => catalog.Current.TryFind(name, out _));
        ActionEndpoint.Map(endpoints, "/admin/connectors", "", services.GetRequiredService<SettleAction>(),
            name => connectors.DebtorOf(name) is not null);
        return endpoints;
    }
}
