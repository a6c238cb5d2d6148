using Codius.Web.Hosting;
using Codius.Web.Pages.Rendering;

namespace Codius.Web.Pages.Visiting;

/// <summary>Writes any problem of a navigation as a page.</summary>
internal sealed class ProblemPageWriter(RazorPage page) : IProblemDetailsWriter
{
    public bool CanWrite(ProblemDetailsContext context) => Navigation.IsNavigation(context.HttpContext.Request);

    public ValueTask WriteAsync(ProblemDetailsContext context)
    {
        var (http, problem) = (context.HttpContext, context.ProblemDetails);
        var wait = int.TryParse(http.Response.Headers.RetryAfter, out var seconds) ? seconds : (int?)null;
        return new ValueTask(page.WriteAsync<ProblemPage>(http, http.Response.StatusCode, new Dictionary<string, object?>
        {
            ["Status"] = http.Response.StatusCode,
            ["Title"] = problem.Title,
            ["Detail"] = problem.Detail,
            // A GET may be repeated by a refresh; a form must not be sent twice.
            ["RefreshAfter"] = HttpMethods.IsGet(http.Request.Method) ? wait : null,
        }));
    }
}
