using Codius.Web.Admin.Access;
using Codius.Web.Admin.Dashboard.Alerts;
using Codius.Web.Admin.Dashboard.Live;
using Codius.Web.Admin.Dashboard.Sessions;
using Codius.Web.Tests.Hosting;
using Codius.Web.Tests.Payments;
using Microsoft.AspNetCore.Routing;

namespace Codius.Web.Tests.Admin.Dashboard;

/// <summary>A URL of the dashboard that needs a session, as the gateway's table has it.</summary>
internal sealed record DashboardRoute(string Method, string Path, IReadOnlyList<AdminScope> Scopes)
{
    /// <summary>A page for people: no stream, no data of plots, no file, no redirection.</summary>
    public bool IsPage => Method == "GET" && Path is not (LiveEndpoint.Path or AlertsEndpoint.TestPath)
        && !Path.Contains("/data/", StringComparison.Ordinal) && !Path.EndsWith(".csv", StringComparison.Ordinal);

    /// <summary>All of them; parameters have the value of something that is there, but for tokens.</summary>
    public static IReadOnlyList<DashboardRoute> Of(PayableGateway gateway)
    {
        var tables = Gateway.TablesOf(gateway.Services);
        return
        [
            .. from endpoint in EndpointTable.EndpointsOf(gateway.Services, tables.Owner)
               let session = endpoint.Metadata.GetMetadata<RequiredSession>()
               where session is not null
               from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods
               select new DashboardRoute(method, PathOf("/" + endpoint.RoutePattern.RawText!.TrimStart('/')), session.Scopes),
        ];
    }

    private static string PathOf(string pattern)
    {
        var there = pattern.Contains("/connectors/", StringComparison.Ordinal) ? "one" : "hello";
        return pattern.Replace("{name}", there, StringComparison.Ordinal).Replace("{subject}", there, StringComparison.Ordinal);
    }
}
