using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Codius.Sandbox.Receiving;

/// <summary>Maps endpoints that take their services from a provider of their own: the program has another Open Payments server.</summary>
internal sealed class OwnServices(IEndpointRouteBuilder endpoints, IServiceProvider services) : IEndpointRouteBuilder
{
    public IServiceProvider ServiceProvider => services;

    public ICollection<EndpointDataSource> DataSources => endpoints.DataSources;

    public IApplicationBuilder CreateApplicationBuilder() => endpoints.CreateApplicationBuilder();
}
