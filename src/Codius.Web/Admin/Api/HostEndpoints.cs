using Codius.Web.Admin.Access;
using Codius.Web.Admin.Reading;
using Codius.Web.Balances.Books;
using Codius.Web.Hosting;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Codius.Web.Admin.Api;

/// <summary>The host as a whole: at a glance, and what it earned.</summary>
internal static class HostEndpoints
{
    private const int MostApps = 50;
    private const int MostLines = 100;

    public static RouteGroupBuilder MapHost(this RouteGroupBuilder api)
    {
        var host = api.MapGroup("").WithTags("Host").RequireScope(AdminScope.Read);
        host.MapGet("/summary", SummarizeAsync).WithName("getSummary").WithSummary("Shows the host at a glance")
            .WithDescription("Health, apps by state, what was earned and paid, who owes the host. Leases and waiting visits are those of "
                + "all gateways, some seconds old.");
        host.MapGet("/earnings", ReadEarningsAsync).WithName("getEarnings").WithSummary("What the host earned by hours or days")
            .WithDescription("By kind; with app, of one app alone. Of the whole host it is about half a minute late.");
        host.MapGet("/earnings/apps", ReadEarningsOfAppsAsync).WithName("getEarningsOfApps")
            .WithSummary("What each app earned by hours or days")
            .WithDescription($"By the apps' names, {MostApps} of them at most and {MostLines} hours or days at once.");
        return api;
    }

    private static async Task<Results<Ok<Page<AppEarningsModel>>, ApiProblem>> ReadEarningsOfAppsAsync(
        AppEarnings earnings, TimeProvider time, string? step, DateTimeOffset? from, DateTimeOffset? until, string? cursor, int? size,
        CancellationToken cancellation)
    {
        if ((size ?? MostApps) is not (>= 1 and <= MostApps and var most))
            return ApiProblem.Bad("size", $"size must be from 1 to {MostApps}.");
        if (Period.Of(step, from, until, time.GetUtcNow(), MostLines) is not { } period) return Period.BadOf(MostLines);
        if (cursor is not null && AccountEndpoints.IdOf(cursor) is null) return ApiProblem.BadCursor;
        var page = await earnings.ReadAsync(period.Step, period.From, period.Until, cursor, most, cancellation);
        return TypedResults.Ok(new Page<AppEarningsModel>(
            [.. page.Rows.Select(row => new AppEarningsModel(row.App, [.. row.Lines.Select(StatementEndpoints.LineModel.Of)]))],
            page.Next));
    }

    /// <summary>What an app earned.</summary>
    internal sealed record AppEarningsModel(string App, IReadOnlyList<StatementEndpoints.LineModel> Lines);

    private static async Task<Ok<SummaryModel>> SummarizeAsync(
        HostSummaryReader reader, [FromServices] Asset asset, CancellationToken cancellation) =>
        TypedResults.Ok(SummaryModel.Of(await reader.ReadAsync(cancellation), asset));

    private static async Task<Results<Ok<Page<StatementEndpoints.LineModel>>, ApiProblem>> ReadEarningsAsync(
        IBooks books, TimeProvider time, string? step, DateTimeOffset? from, DateTimeOffset? until, string? app,
        CancellationToken cancellation)
    {
        if (Period.Of(step, from, until, time.GetUtcNow()) is not { } period) return Period.Bad;
        if (app is not null && AccountEndpoints.IdOf(app) is null) return AccountEndpoints.NoSuchAccount;
        var lines = app is not null && AccountEndpoints.IdOf(app) is { } account
            ? await books.ReadLinesAsync(account, period.Step, period.From, period.Until, cancellation)
            : await books.ReadHostLinesAsync(period.Step, period.From, period.Until, cancellation);
        return TypedResults.Ok(
            new Page<StatementEndpoints.LineModel>([.. lines.Select(StatementEndpoints.LineModel.Of)], null));
    }

    /// <summary>The host at a glance.</summary>
    internal sealed record SummaryModel(
        string State, IReadOnlyList<HealthPart> Parts, string AssetCode, int AssetScale, IReadOnlyDictionary<string, int> Apps,
        AmountModel BalanceTotal, AmountModel LeasesOut, int WaitingVisits, AmountModel EarnedToday, AmountModel Earned7Days,
        AmountModel Earned30Days, AmountModel PaidToday, IReadOnlyList<ConnectorEndpoints.ConnectorModel> Connectors,
        IReadOnlyList<PaymentEndpoints.WalletModel> Wallets)
    {
        public static SummaryModel Of(HostSummary host, Asset asset) => new(
            host.State, host.Parts, asset.Code, asset.Scale, host.AppsByState, AmountModel.Of((Int128)host.BalanceTotal, asset),
            AmountModel.Of(host.LeasesOut, asset), host.WaitingVisits, AmountModel.Of(host.EarnedToday, asset),
            AmountModel.Of(host.Earned7Days, asset), AmountModel.Of(host.Earned30Days, asset),
            AmountModel.Of((Int128)host.PaidToday, asset),
            [.. host.Connectors.Select(row => ConnectorEndpoints.ConnectorModel.Of(row, asset))],
            [.. host.Wallets.Select(row => PaymentEndpoints.WalletModel.Of(row, asset))]);
    }
}
