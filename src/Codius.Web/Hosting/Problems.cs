using System.Globalization;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Codius.Web.Hosting;

/// <summary>Answers with a problem, by the framework's service: a page for a browser's navigation, JSON for all else.</summary>
internal static class Problems
{
    public static IServiceCollection AddProblems(this IServiceCollection services)
    {
        // Thrown, what cannot be bound is answered as all requests that cannot be read.
        services.Configure<RouteHandlerOptions>(handlers => handlers.ThrowOnBadRequest = true);
        // The framework's own writer would come before the pages', and is silent to a program that accepts other types.
        services.AddProblemDetails().RemoveAll<IProblemDetailsWriter>();
        return services.AddSingleton<IProblemDetailsWriter, ProblemJsonWriter>();
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
