using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Codius.Web.Tests.Hosting;

/// <summary>Maps one of the gateway's tables again, to see the endpoints in it.</summary>
internal sealed class EndpointTable(IServiceProvider services) : IEndpointRouteBuilder
{
    public IServiceProvider ServiceProvider => services;

    public ICollection<EndpointDataSource> DataSources { get; } = [];

    public static RouteEndpoint[] EndpointsOf(IServiceProvider services, Action<IEndpointRouteBuilder> map)
    {
        var table = new EndpointTable(services);
        map(table);
        return [.. table.DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()];
    }

    public IApplicationBuilder CreateApplicationBuilder() => new ApplicationBuilder(services);
}
