using System.Globalization;
using Codius.Web.Admin.Access;
using Codius.Web.Admin.Actions;
using Codius.Web.Apps;
using Codius.Web.Apps.Starts;
using Codius.Web.Apps.Steering;
using Codius.Web.Hosting;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Codius.Web.Admin.Api.Steering;

/// <summary>What the host's owner does to one app, and what there is to see of it.</summary>
internal static class SteeringEndpoints
{
    private static readonly ApiProblem NoSuchApp = new(AppProblems.NoSuchApp);

    private static readonly ApiProblem NoVersion = new(new Problem(428, "version-needed", "Which version is changed is not said",
        "Send If-Match with the ETag of GET /apps/{name}/steering, or with * to change it whatever it is."));

    private static readonly ApiProblem StoreAway = new(AppProblems.StoreAway);

    public static RouteGroupBuilder MapSteering(this RouteGroupBuilder api)
    {
        var apps = api.MapGroup("/apps").WithTags("Apps");
        apps.MapPost("/{name}:wake", WakeAsync).RequireScope(AdminScope.Operate).Audited(AppActions.Wake).WithName("wakeApp")
            .WithSummary("Wakes an app").WithDescription("At the app's own cost, as a visit does; 409 if its money does not pay for it.");
        apps.MapPost("/{name}:sleep", SleepAsync).RequireScope(AdminScope.Operate).Audited(AppActions.Sleep).WithName("sleepApp")
            .WithSummary("Puts an app to sleep").WithDescription("Open requests have Sleeping:Grace to end; the next visit wakes it.");
        apps.MapPost("/{name}:block", BlockAsync).RequireScope(AdminScope.Operate).Audited(AppActions.Block).WithName("blockApp")
            .WithSummary("Blocks an app")
            .WithDescription("Visitors and payers get 403 with the words; it sleeps, and its money is kept. A new version is blocked too; "
                + "its hash is an app of its own, to be blocked by itself. With If-Match: only if its settings have that ETag.");
        apps.MapPost("/{name}:unblock", UnblockAsync).RequireScope(AdminScope.Operate).Audited(AppActions.Unblock).WithName("unblockApp")
            .WithSummary("Unblocks an app").WithDescription("With If-Match: only if its settings have the ETag that it names.");
        apps.MapGet("/{name}/steering", ReadAsync).RequireScope(AdminScope.Read).WithName("getSteering")
            .WithSummary("Shows what the host's owner has set for an app").WithDescription("Its ETag is that of the settings.");
        apps.MapPatch("/{name}", SetAsync).RequireScope(AdminScope.Operate).Audited(AppActions.Set).WithName("setApp")
            .WithSummary("Sets an app's price per request and its cap per hour")
            .WithDescription("Needs If-Match. The stricter of this cap and the developer's own holds.");
        apps.MapGet("/{name}/starts", StartsAsync).RequireScope(AdminScope.Read).WithName("listStarts")
            .WithSummary("Lists how the last starts of an app ended, the newest first").WithDescription("At most 50, of the last 90 days.");
        apps.MapGet("/{name}/failures", FailuresAsync).RequireScope(AdminScope.Read).WithName("listFailures")
            .WithSummary("Lists those of the last starts that failed, the newest first");
        apps.MapGet("/{name}/output", OutputAsync).RequireScope(AdminScope.Operate).WithName("getOutput")
            .WithSummary("Shows the last lines of an app's output")
            .WithDescription("They may hold secrets of its developer. Of an app that does not run: those of its last failed start, "
                + "for a day.");
        return api;
    }

    private static ValueTask<Results<Ok<DoneModel>, ApiProblem>> WakeAsync(
        string name, ActionModel body, AppActions actions, HttpContext context, CancellationToken cancellation) =>
        DoAsync(body.Reason, () => actions.WakeAsync(context.Admin(), name, body.Reason, cancellation));

    private static ValueTask<Results<Ok<DoneModel>, ApiProblem>> SleepAsync(
        string name, ActionModel body, AppActions actions, HttpContext context, CancellationToken cancellation) =>
        DoAsync(body.Reason, () => actions.SleepAsync(context.Admin(), name, body.Reason, cancellation));

    private static ValueTask<Results<Ok<DoneModel>, ApiProblem>> BlockAsync(
        string name, BlockModel body, AppActions actions, HttpContext context, CancellationToken cancellation) =>
        IfVersionAsync(context, body.Reason,
            version => actions.BlockAsync(context.Admin(), name, body.Words, body.Reason, cancellation, version));

    private static ValueTask<Results<Ok<DoneModel>, ApiProblem>> UnblockAsync(
        string name, ActionModel body, AppActions actions, HttpContext context, CancellationToken cancellation) =>
        IfVersionAsync(context, body.Reason,
            version => actions.UnblockAsync(context.Admin(), name, body.Reason, cancellation, version));

    /// <summary>With If-Match: only if no other admin has changed the settings since.</summary>
    private static async ValueTask<Results<Ok<DoneModel>, ApiProblem>> IfVersionAsync(
        HttpContext context, string? reason, Func<long?, ValueTask<AppActionResult>> act)
    {
        long? version = null;
        if (context.Request.Headers.IfMatch.Count > 0 && !TryReadVersion(context.Request.Headers.IfMatch.ToString(), out version))
            return NoVersion;
        return await DoAsync(reason, () => act(version));
    }

    private static async ValueTask<Results<Ok<DoneModel>, ApiProblem>> SetAsync(
        string name, SetAppModel body, AppActions actions, HttpContext context, CancellationToken cancellation)
    {
        if (body.Read(out var wrong) is not { } set) return ApiProblem.Bad(wrong!, $"{wrong} must be whole units as a decimal string.");
        if (!TryReadVersion(context.Request.Headers.IfMatch.ToString(), out var version)) return NoVersion;
        return await DoAsync(body.Reason, () => actions.SetAsync(context.Admin(), name, set, version, body.Reason, cancellation));
    }

    private static async ValueTask<Results<Ok<DoneModel>, ApiProblem>> DoAsync(string? reason, Func<ValueTask<AppActionResult>> act)
    {
        if (!Reasons.IsReason(reason)) return ApiProblem.NoReason;
        var result = await act();
        return result.Problem is { } problem ? new ApiProblem(problem) : TypedResults.Ok(new DoneModel(result.Text));
    }

    private static async ValueTask<Results<Ok<SteeringModel>, ApiProblem>> ReadAsync(
        string name, IAppCatalog catalog, IAppSteering steering, HttpContext context, CancellationToken cancellation)
    {
        try
        {
            var set = HostNames.IsLabel(name) ? await steering.ReadAsync(name, cancellation) : AppSteering.None;
            if (!catalog.Current.TryFind(name, out _) && set.IsEmpty) return NoSuchApp;
            context.Response.Headers.ETag = string.Create(CultureInfo.InvariantCulture, $"\"{set.Version}\"");
            return TypedResults.Ok(SteeringModel.Of(set));
        }
        catch (AppStoreUnavailableException)
        {
            return StoreAway;
        }
    }

    private static ValueTask<Results<Ok<Page<StartModel>>, ApiProblem>> StartsAsync(
        string name, IAppCatalog catalog, StartRecords starts) => ListAsync(name, catalog, starts, _ => true);

    private static ValueTask<Results<Ok<Page<StartModel>>, ApiProblem>> FailuresAsync(
        string name, IAppCatalog catalog, StartRecords starts) => ListAsync(name, catalog, starts, start => !start.Succeeded);

    private static async ValueTask<Results<Ok<Page<StartModel>>, ApiProblem>> ListAsync(
        string name, IAppCatalog catalog, StartRecords starts, Func<StartRecord, bool> which)
    {
        if (!catalog.Current.TryFind(name, out _)) return NoSuchApp;
        try
        {
            var all = await starts.ReadAsync(name);
            return TypedResults.Ok(new Page<StartModel>([.. all.Where(which).Select(StartModel.Of)], null));
        }
        catch (AppStoreUnavailableException)
        {
            return StoreAway;
        }
    }

    private static async ValueTask<Results<Ok<OutputModel>, ApiProblem>> OutputAsync(
        string name, IAppCatalog catalog, IAppRunner runner, LastFailures failures, CancellationToken cancellation)
    {
        if (!catalog.Current.TryFind(name, out var app)) return NoSuchApp;
        try
        {
            if (await runner.ReadOutputAsync(app, cancellation) is { } running)
                return TypedResults.Ok(new OutputModel("running", null, running.Split('\n')));
            return TypedResults.Ok(await failures.ReadAsync(name, app.Owner) is { Output: { } output } failure
                ? new OutputModel("lastFailure", failure.At, output.Split('\n'))
                : new OutputModel("none", null, []));
        }
        catch (AppStoreUnavailableException)
        {
            return StoreAway;
        }
    }

    /// <summary>False without a version, or with one that was never given out; null for any version.</summary>
    private static bool TryReadVersion(string header, out long? version)
    {
        version = null;
        if (header == "*") return true;
        if (header is not ['"', .. var inside, '"']
            || !long.TryParse(inside, NumberStyles.None, CultureInfo.InvariantCulture, out var read)) return false;
        version = read;
        return true;
    }
}
