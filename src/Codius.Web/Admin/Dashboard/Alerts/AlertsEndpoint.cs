using Codius.Web.Admin.Access;
using Codius.Web.Admin.Actions;
using Codius.Web.Admin.Alerts;
using Codius.Web.Admin.Dashboard.Overview;
using Codius.Web.Admin.Dashboard.Rendering;
using Codius.Web.Admin.Dashboard.Sessions;
using Codius.Web.Admin.Reading;
using Microsoft.Extensions.Options;

namespace Codius.Web.Admin.Dashboard.Alerts;

/// <summary><c>GET /admin/alerts</c>: what is wrong and was wrong; <c>POST /admin/alerts/test</c> posts a test to the webhooks.</summary>
internal sealed class AlertsEndpoint(
    IAlerts alerts, HostSummaryReader summaries, AlertActions actions, IOptions<AlertOptions> options, AdminPage page)
{
    public const string Path = "/admin/alerts";
    public const string TestPath = Path + "/test";

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet(Path, (HttpContext context, AlertsEndpoint list) => list.AnswerAsync(context, isTest: false))
            .RequireSession(AdminScope.Read);
        endpoints.MapPost(TestPath, (HttpContext context, AlertsEndpoint list) => list.AnswerAsync(context, isTest: true))
            .RequireSession(AdminScope.Read, AdminScope.Operate);
        // The result's URL, opened anew, is a look at the alerts and no test.
        endpoints.MapGet(TestPath, (HttpContext context) => SignInEndpoint.SeeOther(context, Path)).RequireSession(AdminScope.Read);
    }

    private async Task AnswerAsync(HttpContext context, bool isTest)
    {
        var tested = isTest ? await actions.TestAsync(context.Admin(), context.RequestAborted) : null;
        var summary = await summaries.ReadAsync(context.RequestAborted);
        var model = new AlertsModel(
            HealthModel.Of(summary.Parts, alerts.Current), [.. alerts.Past.Select(AlertsModel.Ended.Of)],
            [.. options.Value.Webhooks.Select(webhook => webhook.Url!.Host)], context.Admin().Has(AdminScope.Operate))
        {
            Tested = tested?.Select(AlertsModel.TestResult.Of).ToList(),
        };
        await page.WriteAsync<AlertsPage>(context, context.AdminFrame("Alerts"), model);
    }
}
