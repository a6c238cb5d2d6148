using Codius.Web.Admin;
using Codius.Web.Admin.Api;
using Codius.Web.Admin.Dashboard;
using Codius.Web.Apps;
using Codius.Web.Balances;
using Codius.Web.Deploying;
using Codius.Web.Deploying.Kubectl;
using Codius.Web.Deploying.Services;
using Codius.Web.Hosting;
using Codius.Web.Hosting.AdminAccess;
using Codius.Web.Hosting.Listening;
using Codius.Web.Hosting.Settings;
using Codius.Web.Pages;
using Codius.Web.Payments;
using Codius.Web.Sleeping;
using Codius.Web.Visits;

namespace Codius.Web;

/// <summary>Puts the gateway together: what it is made of, and which URLs it answers. The program and its tests start here.</summary>
internal static class Gateway
{
    /// <exception cref="StartupFaultException">The settings have faults; all of them are named.</exception>
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            Args = args,
            // appsettings.json lies beside the program, whatever folder it is started from.
            ContentRootPath = AppContext.BaseDirectory,
        });

        builder.AddHosting()
            .AddApps().AddBalances()                                     // nouns
            .AddDeploying().AddPayments().AddSleeping().AddVisits()      // flows
            .AddPages().AddAdmin()                                       // faces
            .AddSandbox();                                               // play money, in Development
        configure?.Invoke(builder);

        SettingsCheck.All(builder.Services); // before anything is built, so that nothing needs to be disposed
        var app = builder.Build();
        app.Services.GetRequiredService<AdminToken>();   // made now, so that an unusable data folder is a start-up fault
        app.UseKnownProxies();
        app.Run(TablesOf(app.Services).Build(app.Services));
        return app;
    }

    /// <summary>Which URLs the gateway answers.</summary>
    public static EndpointTables TablesOf(IServiceProvider services) => new EndpointTables
    {
        Management = endpoints => endpoints.MapHealth().MapMetrics().MapPaymentsOfManagement(),
        Owner = endpoints => endpoints.MapAdminApi().MapConnectorsOfOwner().MapDashboard(),
        Webhooks = endpoints => endpoints.MapWebhooks(),
        Host = endpoints => endpoints.MapHostPages().MapPaymentsOfHost().MapServices(),
        App = endpoints => endpoints.MapAppPages().MapPaymentsOfApp(),
        Visits = services.GetRequiredService<VisitPipeline>().VisitAsync,
    }.AddSandbox(services);
}
