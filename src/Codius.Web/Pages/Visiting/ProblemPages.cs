using Codius.Web.Hosting;
using Codius.Web.Pages.Rendering;

namespace Codius.Web.Pages.Visiting;

/// <summary>Shows any problem of a navigation as a page.</summary>
internal sealed class ProblemPages(RazorPage page) : IProblemPage
{
    public Task WriteAsync(HttpContext context, Problem problem) =>
        page.WriteAsync<ProblemPage>(context, problem.Status, new Dictionary<string, object?>
        {
            ["Status"] = problem.Status,
            ["Title"] = problem.Title,
            ["Detail"] = problem.Detail,
            // A page that was asked for with GET may ask again by itself; a form must not be sent twice.
            ["RefreshAfter"] = HttpMethods.IsGet(context.Request.Method) ? problem.RetryAfter : null,
        });
}
