using Codius.Web.Hosting.Listening;
using Codius.Web.Hosting.Rates;

namespace Codius.Web.Hosting;

/// <summary>
/// The gateway's tables of URLs. A request's table is chosen by its listener and, on the visits port, by its Host header; the tables
/// are separate, so a forged Host never reaches the management URLs. Every endpoint of every table has a rate (<see cref="DefaultRate"/>).
/// <code>
///   management port ──────────────────────────► Management
///                     anything else ──────────► Owner
///   webhooks port ────────────────────────────► Webhooks
///   redirect port ────────────────────────────► the same over https
///   visits port ──► what does Host name?
///                     host ───────────────────► Host
///                     app, reserved path ─────► App
///                     app, anything else ─────► Visits
///                     reserved label ─────────► Reserved[label]
///                     none ───────────────────► 404
/// </code>
/// </summary>
internal sealed class EndpointTables
{
    private readonly Dictionary<string, Action<IEndpointRouteBuilder>> _reserved = new(StringComparer.Ordinal);

    public Action<IEndpointRouteBuilder> Management { get; set; } = _ => { };

    /// <summary>
    /// What people use on the management port, beside what machines do: built when it is first asked for, so that a start and a probe do
    /// not wait for it.
    /// </summary>
    public Action<IEndpointRouteBuilder> Owner { get; set; } = _ => { };

    public Action<IEndpointRouteBuilder> Webhooks { get; set; } = _ => { };

    public Action<IEndpointRouteBuilder> Host { get; set; } = _ => { };

    public Action<IEndpointRouteBuilder> App { get; set; } = _ => { };

    public RequestDelegate Visits { get; set; } = context => Problems.WriteAsync(context, Problem.NoSuchApp);

    /// <summary>The tables of reserved labels.</summary>
    public IReadOnlyDictionary<string, Action<IEndpointRouteBuilder>> Reserved => _reserved;

    /// <summary>Adds a table for a reserved label, such as <c>wallet</c>.</summary>
    public void AddReserved(string label, Action<IEndpointRouteBuilder> map) => _reserved.Add(label, map);

    public RequestDelegate Build(IServiceProvider services)
    {
        var names = services.GetRequiredService<HostNames>();
        var drain = services.GetRequiredService<Drain>();
        var owner = new Lazy<RequestDelegate>(() => Endpoints(new ApplicationBuilder(services), Owner, NothingHereAsync));
        var management = Table(services, Management, context => owner.Value(context));
        var webhooks = Table(services, Webhooks);
        var host = Table(services, Host);
        var app = Table(services, App);
        var reserved = _reserved.ToDictionary(pair => pair.Key, pair => Table(services, pair.Value), StringComparer.Ordinal);
        var redirect = HttpsRedirect.To(names);
        var visits = Visits;

        return context =>
        {
            drain.CloseIfStopping(context);
            var connection = context.Features.Get<ClientConnection>() ?? new ClientConnection(Listener.Visits);
            var listener = connection.Listener;
            if (listener != Listener.Visits)
            {
                return listener == Listener.Management ? management(context)
                    : listener == Listener.Webhooks ? webhooks(context)
                    : redirect(context);
            }
            var named = connection.Match(names, context.Request.Host.Value);
            context.Features.Set(named);
            var match = named.Match;
            return match.Kind switch
            {
                HostMatchKind.Host => host(context),
                HostMatchKind.App => IsReservedPath(context.Request.Path) ? app(context) : visits(context),
                HostMatchKind.Reserved when reserved.TryGetValue(match.Label, out var table) => table(context),
                _ => Problems.WriteAsync(context, Problem.NoSuchApp),
            };
        };
    }

    /// <summary>Paths on an app's host name that belong to the gateway; all others belong to the app.</summary>
    private static bool IsReservedPath(PathString path) =>
        path.StartsWithSegments("/.well-known/pay", StringComparison.Ordinal)
            || path.StartsWithSegments("/.well-known/codius", StringComparison.Ordinal);

    private static RequestDelegate Table(
        IServiceProvider services, Action<IEndpointRouteBuilder> map, RequestDelegate? anythingElse = null)
    {
        // A separate builder: WebApplication would put all endpoints into one table for all listeners.
        var builder = new ApplicationBuilder(services);
        builder.UseRulesOfOwnAnswers();
        builder.UseProblemsForBareAnswers();
        return Endpoints(builder, map, anythingElse ?? NothingHereAsync);
    }

    private static RequestDelegate Endpoints(
        ApplicationBuilder builder, Action<IEndpointRouteBuilder> map, RequestDelegate anythingElse)
    {
        builder.UseRouting();
        DefaultRate.Use(builder);
        builder.UseEndpoints(endpoints => HeadForGet.Map(endpoints, map));
        builder.Run(anythingElse);
        return builder.Build();
    }

    private static Task NothingHereAsync(HttpContext context) => Problems.WriteAsync(context, Problem.NothingHere);
}
