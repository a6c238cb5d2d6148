using Codius.Web.Admin.Access;
using Codius.Web.Admin.Dashboard.Actions;
using Codius.Web.Admin.Dashboard.Plots;
using Codius.Web.Admin.Dashboard.Rendering;
using Codius.Web.Admin.Dashboard.Sessions;
using Codius.Web.Admin.Reading;
using Codius.Web.Apps;
using Codius.Web.Apps.Starts;
using Codius.Web.Apps.Steering;
using Codius.Web.Balances;
using Codius.Web.Balances.Books;
using Codius.Web.Hosting;

namespace Codius.Web.Admin.Dashboard.Apps;

/// <summary><c>GET /admin/apps/{name}</c>: one app.</summary>
internal sealed class AppEndpoint(
    AppRows apps, IAppCatalog catalog, LastFailures failures, StartRecords starts, PlotReader plots, IBooks books,
    AppActionList actions, HostNames names, Asset asset, AdminPage page, TimeProvider time)
{
    private const int StatementSize = 25;

    public static void Map(IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet("/admin/apps/{name}", (HttpContext context, AppEndpoint app, string name) => app.GetAsync(context, name))
            .RequireSession(AdminScope.Read);

    private async Task GetAsync(HttpContext context, string name)
    {
        var model = await ReadAsync(context, name);
        if (model is null) await page.WriteMissingAsync(context, context.AdminFrame("Apps"), MissingModel.App);
        else await page.WriteAsync<AppPage>(context, context.AdminFrame("Apps") with { HasPlots = true }, model);
    }

    private async ValueTask<AppModel?> ReadAsync(HttpContext context, string name)
    {
        var (asked, cancellation) = (context.Request.Query, context.RequestAborted);
        if (!catalog.Current.TryFind(name, out var app) || await apps.FindAsync(name, cancellation) is not { } row) return null;
        var range = PlotRange.Of(asked["range"]);
        var plot = PlotModel.Of($"Spent by {name} and paid in, {range.Words}", PlotEndpoints.UrlOfApp(name, range), "spent", hasPaid: true,
            range, await plots.ReadAsync(app.Account, range, cancellation), asset);
        var cursor = asked["cursor"].ToString() is { Length: > 0 and <= 300 } text ? text : null;
        var statement = StatementModel.Of(await StatementAsync(app.Account, cursor, cancellation), asset);
        var failure = await failures.ReadAsync(name, app.Owner);
        var now = time.GetUtcNow();
        return new AppModel(AppLine.Of(row, asset, now), names.OriginOf(name) + "/", plot, statement, now)
        {
            Hash = row.Hash,
            Owner = row.Owner,
            Since = row.Since,
            Blocked = row.Blocked,
            IsUnreadable = row.Blocked == AppSteering.Unreadable.BlockedWords,
            Price = AmountModel.Of(row.PricePerRequest, asset),
            Cap = row.MaxSpendPerHour is { } cap ? AmountModel.Of(cap, asset) : null,
            Quota = [.. (row.Limits.Quota ?? []).Select(use => new QuotaModel(use.Resource, use.Used, use.Hard, use.Percent))],
            Actions = actions.Of(row, context.Admin()),
            // As the API's: what an app wrote may hold secrets of its developer.
            Failure = failure is null ? null : new FailureModel(
                failure.At, failure.Reason, context.Admin().Has(AdminScope.Operate) ? failure.Output : null),
            Starts = [.. (await starts.ReadAsync(name)).OrderByDescending(start => start.At).Select(StartModel.Of)],
            Done = actions.DoneOf(asked["done"]),
            IsLater = cursor is not null,
        };
    }

    private async ValueTask<StatementPage> StatementAsync(AccountId account, string? cursor, CancellationToken cancellation)
    {
        try
        {
            return await books.ReadEntriesAsync(account, cursor, StatementSize, cancellation);
        }
        catch (ArgumentException) when (cursor is not null)
        {
            // None of this statement's: from the newest.
            return await books.ReadEntriesAsync(account, null, StatementSize, cancellation);
        }
    }
}
