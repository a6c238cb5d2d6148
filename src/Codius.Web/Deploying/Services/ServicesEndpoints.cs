namespace Codius.Web.Deploying.Services;

/// <summary>The services API on the host's own name, as <c>curl</c> and codius-web have used it since 2020.</summary>
internal static class ServicesEndpoints
{
    public static IEndpointRouteBuilder MapServices(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPut("/services/{name}", WithCors<PutService>(static (put, context, name) => put.HandleAsync(context, name)));
        endpoints.MapGet("/services/{name}", WithCors<GetService>(static (get, context, name) => get.HandleAsync(context, name)));
        endpoints.MapDelete("/services/{name}",
            WithCors<DeleteService>(static (delete, context, name) => delete.HandleAsync(context, name)));
        endpoints.MapMethods("/services/{name}", [HttpMethods.Options], ServicesCors.PreflightAsync);
        return endpoints;
    }

    private static RequestDelegate WithCors<T>(Func<T, HttpContext, string, Task> handle) where T : notnull => async context =>
    {
        if (!await ServicesCors.EnterAsync(context)) return;
        await handle(context.RequestServices.GetRequiredService<T>(), context, (string)context.Request.RouteValues["name"]!);
    };
}
