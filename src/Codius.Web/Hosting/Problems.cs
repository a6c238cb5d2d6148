using System.Globalization;
using Codius.Web.Hosting.Grpc;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Codius.Web.Hosting;

/// <summary>
/// Answers with a problem through the framework's service: a page for a browser's navigation, a status for a gRPC call, JSON for all
/// others.
/// </summary>
internal static class Problems
{
    public static IServiceCollection AddProblems(this IServiceCollection services)
    {
        // A binding error is thrown, so it is answered like every request that cannot be read.
        services.Configure<RouteHandlerOptions>(handlers => handlers.ThrowOnBadRequest = true);
        // The framework's own writer would run before the pages' writer, and writes nothing to a client that accepts other types.
        services.AddProblemDetails().RemoveAll<IProblemDetailsWriter>();
        // The first that can write does: a page, or a gRPC status, or else JSON.
        return services.AddSingleton<IProblemDetailsWriter, GrpcProblemWriter>().AddSingleton<IProblemDetailsWriter, ProblemJsonWriter>();
    }

    public static async Task WriteAsync(HttpContext context, Problem problem)
    {
        var response = context.Response;
        response.StatusCode = problem.Status;
        response.Headers.CacheControl = "no-store";
        if (problem.RetryAfter is { } seconds) response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        await context.RequestServices.GetRequiredService<IProblemDetailsService>()
            .WriteAsync(new ProblemDetailsContext { HttpContext = context, ProblemDetails = problem.ToDetails() });
    }
}
