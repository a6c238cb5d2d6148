using Microsoft.Extensions.Primitives;

namespace Codius.Web.Hosting;

/// <summary>
/// Endpoints in which whatever answers <c>GET</c> answers <c>HEAD</c> too (RFC 9110, 9.1), with the same headers; the server leaves the
/// body out.
/// </summary>
internal sealed class HeadForGet(EndpointDataSource source) : EndpointDataSource
{
    // Computed on first use, when all conventions were added.
    private IReadOnlyList<Endpoint>? _endpoints;

    public override IReadOnlyList<Endpoint> Endpoints => _endpoints ??= [.. source.Endpoints.Select(WithHead)];

    /// <summary>Maps a table of endpoints, with <c>HEAD</c> added.</summary>
    public static void Map(IEndpointRouteBuilder endpoints, Action<IEndpointRouteBuilder> map)
    {
        var table = new Table(endpoints);
        map(table);
        foreach (var source in table.DataSources) endpoints.DataSources.Add(new HeadForGet(source));
    }

    public override IChangeToken GetChangeToken() => source.GetChangeToken();

    private static Endpoint WithHead(Endpoint endpoint)
    {
        if (endpoint is not RouteEndpoint route || route.Metadata.GetMetadata<IHttpMethodMetadata>() is not { } methods
            || !methods.HttpMethods.Contains(HttpMethods.Get) || methods.HttpMethods.Contains(HttpMethods.Head))
            return endpoint;
        var both = new HttpMethodMetadata([.. methods.HttpMethods, HttpMethods.Head], methods.AcceptCorsPreflight);
        return new RouteEndpoint(
            route.RequestDelegate!, route.RoutePattern, route.Order, new EndpointMetadataCollection([.. route.Metadata, both]),
            route.DisplayName);
    }

    /// <summary>Collects the endpoints of one table.</summary>
    private sealed class Table(IEndpointRouteBuilder outer) : IEndpointRouteBuilder
    {
        public IServiceProvider ServiceProvider => outer.ServiceProvider;

        public ICollection<EndpointDataSource> DataSources { get; } = [];

        public IApplicationBuilder CreateApplicationBuilder() => outer.CreateApplicationBuilder();
    }
}
