using Codius.Web.Admin.Access;
using Codius.Web.Admin.Actions;
using Codius.Web.Admin.Alerts;
using Codius.Web.Hosting.Alerting;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Codius.Web.Admin.Api;

/// <summary>The alerts of now, and a test of the webhooks.</summary>
internal static class AlertEndpoints
{
    public static RouteGroupBuilder MapAlerts(this RouteGroupBuilder api)
    {
        var alerts = api.MapGroup("/alerts").WithTags("Alerts");
        alerts.MapGet("", List).RequireScope(AdminScope.Read).WithName("listAlerts")
            .WithSummary("Lists what is wrong now, the most severe first")
            .WithDescription("As this gateway sees it. The same alerts are posted to the webhooks of the settings.");
        api.MapPost("/alerts:test", TestAsync).WithTags("Alerts").RequireScope(AdminScope.Operate).Audited(AlertActions.Test)
            .WithName("testAlerts").WithSummary("Posts a test message to each webhook, and returns what came of it");
        return api;
    }

    private static Ok<Page<AlertModel>> List(IAlerts alerts) =>
        TypedResults.Ok(new Page<AlertModel>([.. alerts.Current.Select(AlertModel.Of)], null));

    private static async Task<Ok<Page<AlertTestResult>>> TestAsync(
        AlertActions actions, HttpContext context, CancellationToken cancellation) =>
        TypedResults.Ok(new Page<AlertTestResult>(await actions.TestAsync(context.Admin(), cancellation), null));

    /// <summary>An alert; its severity is warning or critical.</summary>
    internal sealed record AlertModel(
        string Id, string Rule, string Severity, string Subject, string Summary, string WhatToDo, DateTimeOffset Since)
    {
        public static AlertModel Of(Alert alert) => new(
            alert.Id, alert.Rule, alert.Severity == AlertSeverity.Critical ? "critical" : "warning", alert.Subject, alert.Summary,
            alert.WhatToDo, alert.Since);
    }
}
