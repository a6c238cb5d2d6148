using Codius.Web.Admin.Access;
using Codius.Web.Admin.Reading;
using Codius.Web.Hosting;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Codius.Web.Admin.Api;

/// <summary>The apps that the host runs.</summary>
internal static class AppEndpoints
{
    private static readonly string[] States = ["asleep", "waking", "awake", "failed", "blocked"];

    public static RouteGroupBuilder MapApps(this RouteGroupBuilder api)
    {
        var apps = api.MapGroup("/apps").WithTags("Apps").RequireScope(AdminScope.Read);
        apps.MapGet("", ListAsync).WithName("listApps").WithSummary("Lists the apps under names")
            .WithDescription("By name; or, with order, those with the least balance, the most spending, or that run dry soonest first. "
                + "These orders, and balanceBelow (units), are by balances that may be some seconds old. capped: those whose requests "
                + "have a cap per hour (true), or those without one (false).");
        apps.MapGet("/{name}", FindAsync).WithName("getApp").WithSummary("Shows an app, by its name or its hash")
            .WithDescription("Its statement is that of the account with its name: /accounts/{account}/statement. leased is what all "
                + "gateways hold of its balance; waitingVisits and lastVisit are of all gateways too; limits has what bounds it.");
        return api;
    }

    private static async Task<Results<Ok<Page<AppModel>>, ApiProblem>> ListAsync(
        AppRows rows, [FromServices] Asset asset, string? cursor, int? size, string? order, string? search, string? state, string? owner,
        string? balanceBelow, string? capped, CancellationToken cancellation)
    {
        if (Paging.SizeOf(size) is not { } most) return ApiProblem.BadPageSize;
        if (OrderOf(order) is not { } by) return ApiProblem.Bad("order", "order must be name, balance, spending or runsDry.");
        if (state is not null && !States.Contains(state))
            return ApiProblem.Bad("state", $"state must be one of {string.Join(", ", States)}.");
        if (capped is not (null or "true" or "false")) return ApiProblem.Bad("capped", "capped must be true or false.");
        if (!Units.TryRead(balanceBelow, out var below)) return Units.Bad("balanceBelow");
        bool? hasCap = capped is null ? null : capped == "true";
        var page = await rows.ReadAsync(new AppQuery(cursor, most, by, search, state, owner, below, hasCap), cancellation);
        return page is null
            ? ApiProblem.BadCursor
            : TypedResults.Ok(new Page<AppModel>([.. page.Rows.Select(row => AppModel.Of(row, asset))], page.Next));
    }

    private static async Task<Results<Ok<AppModel>, ApiProblem>> FindAsync(
        string name, AppRows rows, [FromServices] Asset asset, CancellationToken cancellation) =>
        await rows.FindAsync(name, cancellation) is { } row
            ? TypedResults.Ok(AppModel.Of(row, asset))
            : ApiProblem.NotFound("no-such-app", "Nothing is deployed under this name.");

    private static AppOrder? OrderOf(string? order) => order switch
    {
        null or "name" => AppOrder.Name,
        "balance" => AppOrder.Balance,
        "spending" => AppOrder.Spending,
        "runsDry" => AppOrder.RunsDry,
        _ => null,
    };

    /// <summary>An app.</summary>
    internal sealed record AppModel(
        string Name, string Hash, string Image, string State, DateTimeOffset? Since, int Pods, AmountModel Balance,
        AmountModel SpendingPerHour, DateTimeOffset? RunsDryAt, DateTimeOffset? LastVisit, string? Owner, string? Blocked,
        AmountModel PricePerRequest, AmountModel? MaxSpendPerHour, string? LastFailure, DateTimeOffset? LastFailureAt,
        AmountModel Leased, int WaitingVisits, AppLimitsModel Limits)
    {
        public static AppModel Of(AppRow row, Asset asset) => new(
            row.Name, row.Hash, row.Image, row.State, row.Since, row.Pods, AmountModel.Of(row.Balance, asset),
            AmountModel.Of(row.SpendingPerHour, asset), row.RunsDryAt, row.LastVisit, row.Owner, row.Blocked,
            AmountModel.Of(row.PricePerRequest, asset), AmountModel.Of(row.MaxSpendPerHour, asset), row.LastFailure, row.LastFailureAt,
            AmountModel.Of(row.Leased, asset), row.WaitingVisits, AppLimitsModel.Of(row.Limits, asset));
    }
}
