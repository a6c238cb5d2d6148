using Codius.Web.Admin.Access;
using Codius.Web.Admin.Reading;
using Codius.Web.Balances;
using Codius.Web.Hosting;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Codius.Web.Admin.Api;

/// <summary>The deploy tokens, by the hashes that name their accounts: the host has not the tokens.</summary>
internal static class DeployTokenEndpoints
{
    private static readonly ApiProblem NoSuchToken = ApiProblem.NotFound("no-such-deploy-token",
        "No deploy token with this hash owns an app here or was ever paid. It is t- and 52 characters.");

    public static RouteGroupBuilder MapDeployTokens(this RouteGroupBuilder api)
    {
        var tokens = api.MapGroup("/deploy-tokens").WithTags("Deploy tokens").RequireScope(AdminScope.Read);
        tokens.MapGet("", ListAsync).WithName("listDeployTokens").WithSummary("Lists the deploy tokens that own apps")
            .WithDescription("With owning=nothing: those that were paid and own no app, in no order; one may come twice, and a page may "
                + "have fewer than its size and still a next one, as with balanceBelow and balanceAtLeast (units). app: that owns the app "
                + "of this name.");
        tokens.MapGet("/{account}", FindAsync).WithName("getDeployToken")
            .WithSummary("Shows what a deploy token owns and what it has left")
            .WithDescription("Its statement is /accounts/{account}/statement.");
        return api;
    }

    private static async Task<Results<Ok<Page<DeployTokenModel>>, ApiProblem>> ListAsync(
        OwnerRows rows, [FromServices] Asset asset, string? cursor, int? size, string? owning,
        string? app, string? balanceBelow, string? balanceAtLeast, CancellationToken cancellation)
    {
        if (Paging.SizeOf(size) is not { } most) return ApiProblem.BadPageSize;
        if (owning is not (null or "apps" or "nothing")) return ApiProblem.Bad("owning", "owning must be apps or nothing.");
        if (!Units.TryRead(balanceBelow, out var below)) return Units.Bad("balanceBelow");
        if (!Units.TryRead(balanceAtLeast, out var least)) return Units.Bad("balanceAtLeast");
        if (app is not null && owning == "nothing") return ApiProblem.Bad("app", "app is for tokens that own apps.");
        var wanted = new OwnerFilter(app, below, least);
        if (owning == "nothing")
        {
            return await rows.ReadWithoutAppsAsync(cursor, most, wanted, cancellation) is { } without
                ? TypedResults.Ok(new Page<DeployTokenModel>(
                    [.. without.Rows.Select(row => DeployTokenModel.Of(row, asset))], without.Next))
                : ApiProblem.BadCursor;
        }
        if (cursor is not null && !(AccountId.TryParse(cursor, out var after) && after.IsDeployToken)) return ApiProblem.BadCursor;
        var page = await rows.ReadAsync(cursor, most, wanted, cancellation);
        return TypedResults.Ok(new Page<DeployTokenModel>([.. page.Rows.Select(row => DeployTokenModel.Of(row, asset))], page.Next));
    }

    private static async Task<Results<Ok<DeployTokenModel>, ApiProblem>> FindAsync(
        string account, OwnerRows rows, [FromServices] Asset asset, CancellationToken cancellation) =>
        AccountId.TryParse(account, out var id) && await rows.FindAsync(id, cancellation) is { } row
            ? TypedResults.Ok(DeployTokenModel.Of(row, asset)) : NoSuchToken;

    /// <summary>A deploy token.</summary>
    internal sealed record DeployTokenModel(string Account, AmountModel Balance, IReadOnlyList<string> Apps)
    {
        public static DeployTokenModel Of(OwnerRow row, Asset asset) => new(row.Account, AmountModel.Of(row.Balance, asset), row.Apps);
    }
}
