using Codius.Web.Admin;
using Codius.Web.Apps;
using Codius.Web.Balances;
using Codius.Web.Deploying;
using Codius.Web.Hosting;
using Codius.Web.Pages;
using Codius.Web.Payments;
using Codius.Web.Sleeping;
using Codius.Web.Visits;

namespace Codius.Web;

/// <summary>Puts the gateway together: what it is made of, and which URLs it answers. The program and its tests start here.</summary>
internal static class Gateway
{
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateSlimBuilder(args);
        configure?.Invoke(builder);

        builder.AddHosting()
            .AddApps().AddBalances()                                     // nouns
            .AddDeploying().AddPayments().AddSleeping().AddVisits()      // flows
            .AddPages().AddAdmin();                                      // faces

        var app = builder.Build();
        var surfaces = new Surfaces
        {
            Management = endpoints => { },
            Host = endpoints => { },
            App = endpoints => { },
        };
        app.Run(surfaces.Build(app.Services));
        return app;
    }
}
