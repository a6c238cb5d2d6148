using Codius.Web.Admin.Access;
using Codius.Web.Admin.Dashboard.Sessions;
using Codius.Web.Hosting;

namespace Codius.Web.Admin.Dashboard.Live;

/// <summary><c>GET /admin/events</c>: the parts of the overview as they change, as server-sent events.</summary>
internal sealed class LiveEndpoint(LiveOverview live, AdminAuthentication authentication, AdminSessions sessions, TimeProvider time)
{
    public const string Path = "/admin/events";

    // A named event, since a page must hear it to notice a stream that falls silent. Each also looks whether the session still holds.
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan PlotsEvery = TimeSpan.FromMinutes(1);

    private static readonly Problem Full = new(503, "dashboard-full", "Too many dashboards are open",
        "Close some of their tabs. This one tries again by itself.")
    { RetryAfter = 10 };

    public static void Map(IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet(Path, (HttpContext context, LiveEndpoint events) => events.GetAsync(context)).RequireSession(AdminScope.Read);

    private async Task GetAsync(HttpContext context)
    {
        using var following = live.TryEnter();
        if (following is null)
        {
            await Problems.WriteAsync(context, Full);
            return;
        }
        var response = context.Response;
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-store";
        response.Headers["X-Accel-Buffering"] = "no";
        if (HttpMethods.IsHead(context.Request.Method)) return;
        try
        {
            await RunAsync(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client disconnected: a stream's normal end.
        }
    }

    private async Task RunAsync(HttpContext context)
    {
        var (body, client) = (context.Response.BodyWriter, context.RequestAborted);
        Dictionary<string, LivePart> sent = [];
        await body.WriteAsync("retry: 2000\n\nevent: alive\ndata: {}\n\n"u8.ToArray(), client);
        var (checkedAt, plotsAt) = (time.GetTimestamp(), time.GetTimestamp());
        for (var now = live.Current; !now.IsEnd; now = live.Current)
        {
            foreach (var (name, part) in now.Parts)
            {
                if (sent.GetValueOrDefault(name) == part) continue;
                await body.WriteAsync(part.Event, client);
                sent[name] = part;
            }
            if (await IsSupersededAsync(now, client) && time.GetElapsedTime(checkedAt) < Heartbeat) continue;
            checkedAt = time.GetTimestamp();
            if (!await HoldsAsync(context))
            {
                await body.WriteAsync("event: signed-out\ndata: {}\n\n"u8.ToArray(), client);
                return;
            }
            await body.WriteAsync("event: alive\ndata: {}\n\n"u8.ToArray(), client);
            if (time.GetElapsedTime(plotsAt) < PlotsEvery) continue;
            plotsAt = time.GetTimestamp();
            await body.WriteAsync("event: plots\ndata: {}\n\n"u8.ToArray(), client);
        }
    }

    private async ValueTask<bool> IsSupersededAsync(LiveState state, CancellationToken client)
    {
        try
        {
            await state.Superseded.WaitAsync(Heartbeat, time, client);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private async ValueTask<bool> HoldsAsync(HttpContext context) => sessions.TryRead(context, out var session)
        && await authentication.StillHoldsAsync(Convert.FromBase64String(session.TokenHash), context.Admin());
}
