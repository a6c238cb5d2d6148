using Codius.Web.Apps;
using Codius.Web.Balances;
using Codius.Web.Hosting;
using Codius.Web.Pages.Rendering;
using Microsoft.AspNetCore.Components;

namespace Codius.Web.Admin.Dashboard.Rendering;

/// <summary>Writes a page of the dashboard: never framed, never stored.</summary>
internal sealed class AdminPage(RazorPage page)
{
    private static Problem StoreAway { get; } = Problem.LedgerUnavailable(
        5, "The host's store does not answer, so there is nothing to show. The page tries again by itself.");

    /// <summary>Writes the component with its parameters <c>Frame</c>, <c>Admin</c> and <c>Model</c>.</summary>
    public Task WriteAsync<TPage>(HttpContext context, AdminFrame admin, object model, int status = StatusCodes.Status200OK)
        where TPage : IComponent =>
        page.WriteAsync<TPage>(
            context, status, new Dictionary<string, object?> { ["Admin"] = admin, ["Model"] = model }, framable: false);

    /// <summary>Says that what the URL names is not there.</summary>
    public Task WriteMissingAsync(HttpContext context, AdminFrame admin, MissingModel missing) =>
        WriteAsync<MissingPage>(context, admin, missing, StatusCodes.Status404NotFound);

    /// <summary>Runs what answers a request for a page; while the host's store is away, that is the answer.</summary>
    public static async Task AnswerAsync(HttpContext context, RequestDelegate page)
    {
        try
        {
            await page(context);
        }
        catch (Exception away) when (
            away is LedgerUnavailableException or AppStoreUnavailableException && !context.Response.HasStarted)
        {
            await Problems.WriteAsync(context, StoreAway);
        }
    }
}
