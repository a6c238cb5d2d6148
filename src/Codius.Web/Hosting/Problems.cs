using System.Globalization;
using System.Text.Json;

namespace Codius.Web.Hosting;

/// <summary>Writes a problem: JSON for a program, a plain page for a browser's navigation.</summary>
internal static class Problems
{
    public static async Task WriteAsync(HttpContext context, Problem problem)
    {
        var response = context.Response;
        if (Navigation.IsNavigation(context.Request) && context.RequestServices.GetService<IProblemPage>() is { } page)
        {
            if (problem.RetryAfter is { } wait) response.Headers.RetryAfter = wait.ToString(CultureInfo.InvariantCulture);
            await page.WriteAsync(context, problem);
            return;
        }
        response.StatusCode = problem.Status;
        response.Headers.CacheControl = "no-store";
        if (problem.RetryAfter is { } seconds) response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        response.ContentType = "application/problem+json";
        var body = new Dictionary<string, object?>
        {
            ["type"] = "urn:codius:problem:" + problem.Code,
            ["title"] = problem.Title,
            ["status"] = problem.Status,
            ["detail"] = problem.Detail,
        };
        foreach (var (name, value) in problem.Extensions ?? new Dictionary<string, object?>()) body[name] = value;
        await JsonSerializer.SerializeAsync(response.Body, body, cancellationToken: context.RequestAborted);
    }
}
