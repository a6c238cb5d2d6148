using Codius.Web.Admin.Access;
using Codius.Web.Admin.Actions;
using Codius.Web.Admin.Reading;
using Codius.Web.Balances;
using Codius.Web.Balances.Books;
using Codius.Web.Hosting;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Codius.Web.Admin.Api;

/// <summary>Who owes the host, and what they have settled.</summary>
internal static class ConnectorEndpoints
{
    private static readonly ApiProblem NoSuchConnector =
        ApiProblem.NotFound("no-such-connector", "There is no such connector in the settings, or it never owed anything.");

    public static RouteGroupBuilder MapConnectors(this RouteGroupBuilder api)
    {
        api.MapGet("/connectors", ListAsync).WithTags("Connectors").RequireScope(AdminScope.Read).WithName("listConnectors")
            .WithSummary("Lists the connectors and what they owe");
        api.MapGet("/connectors/{name}", FindAsync).WithTags("Connectors").RequireScope(AdminScope.Read).WithName("getConnector")
            .WithSummary("Shows a connector");
        api.MapGet("/connectors/{name}/statement", ReadStatementAsync).WithTags("Connectors").RequireScope(AdminScope.Read)
            .WithName("getConnectorStatement").WithSummary("Lists what a connector came to owe and settled, newest first")
            .WithDescription("way, kind, from and until filter it; what it settled is of the kind adjustedDown.");
        api.MapPost("/connectors/{name}:settle", SettleAsync).WithTags("Connectors").RequireScope(AdminScope.Money)
            .Audited(MoneyActions.Settle).WithName("settle").WithSummary("Records that a connector has settled")
            .WithDescription("When its money has arrived; the reason is the place for the transfer's reference.");
        return api;
    }

    private static async Task<Ok<Page<ConnectorModel>>> ListAsync(
        ConnectorRows rows, [FromServices] Asset asset, CancellationToken cancellation) =>
        TypedResults.Ok(new Page<ConnectorModel>(
            [.. (await rows.ReadAsync(cancellation)).Select(row => ConnectorModel.Of(row, asset))], null));

    private static async Task<Results<Ok<ConnectorModel>, ApiProblem>> FindAsync(
        string name, ConnectorRows rows, [FromServices] Asset asset, CancellationToken cancellation) =>
        await rows.FindAsync(name, cancellation) is { } row ? TypedResults.Ok(ConnectorModel.Of(row, asset)) : NoSuchConnector;

    private static async Task<Results<Ok<Page<StatementEndpoints.EntryModel>>, ApiProblem>> ReadStatementAsync(
        string name, ConnectorRows rows, IBooks books, [FromServices] Asset asset, string? cursor, int? size,
        [AsParameters] FilterModel filter, CancellationToken cancellation)
    {
        if (Paging.SizeOf(size) is not { } most) return ApiProblem.BadPageSize;
        if (rows.DebtorOf(name) is not { } debtor) return NoSuchConnector;
        if (filter.Read(out var wrong) is not { } wanted) return wrong!;
        return await StatementEndpoints.ReadAsync(books, debtor.Book, cursor, most, cancellation, wanted) is { } page
            ? TypedResults.Ok(new Page<StatementEndpoints.EntryModel>(
                [.. page.Entries.Select(entry => StatementEndpoints.EntryModel.Of(entry, asset))], page.Next))
            : ApiProblem.BadCursor;
    }

    private static async Task<Results<Ok<MovedModel>, ApiProblem>> SettleAsync(
        string name, MoneyModel body, [FromHeader(Name = MoneyRequests.Key)] string? key, ConnectorRows rows, MoneyRequests requests,
        MoneyActions actions, HttpContext context, CancellationToken cancellation)
    {
        var admin = context.Admin();
        return rows.DebtorOf(name) is null
            ? NoSuchConnector
            : await requests.MakeAsync(key, body, signed: false,
                (units, used) => actions.SettleAsync(admin, name, (ulong)units, used, body.Reason, cancellation),
                outcome => outcome == SpendOutcome.NoAccount ? NoSuchConnector : ApiProblem.Conflict("owes-less",
                    "The connector owes less than that."));
    }

    /// <summary>A connector.</summary>
    internal sealed record ConnectorModel(
        string Name, AmountModel Owed, AmountModel Limit, AmountModel SettledTotal, DateTimeOffset? LastSettledAt,
        string? LastReference, string? LastReason)
    {
        public static ConnectorModel Of(ConnectorRow row, Asset asset) => new(
            row.Name, AmountModel.Of(row.Owed, asset), AmountModel.Of(row.Limit, asset), AmountModel.Of(row.SettledTotal, asset),
            row.LastSettledAt, row.LastReference, row.LastReason);
    }
}
