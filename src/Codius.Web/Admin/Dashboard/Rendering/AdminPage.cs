using Codius.Web.Hosting;
using Codius.Web.Pages.Rendering;
using Microsoft.AspNetCore.Components;

namespace Codius.Web.Admin.Dashboard.Rendering;

/// <summary>Writes a page of the dashboard: never framed, never stored.</summary>
internal sealed class AdminPage(RazorPage page)
{
    /// <summary>Writes the component with its parameters <c>Frame</c>, <c>Admin</c> and <c>Model</c>.</summary>
    public Task WriteAsync<TPage>(HttpContext context, AdminFrame admin, object model, int status = StatusCodes.Status200OK)
        where TPage : IComponent =>
        page.WriteAsync<TPage>(
            context, status, new Dictionary<string, object?> { ["Admin"] = admin, ["Model"] = model }, framable: false);

    /// <summary>What pages answer while the host's store is away.</summary>
    public static Problem StoreAway { get; } = Problem.LedgerUnavailable(
        5, "The host's store does not answer, so there is nothing to show. The page tries again by itself.");
}
