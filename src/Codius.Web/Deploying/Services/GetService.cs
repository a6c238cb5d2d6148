using System.Globalization;
using System.Text.Json;
using Codius.Web.Apps;
using Codius.Web.Balances;
using Codius.Web.Deploying.Paying;
using Codius.Web.Hosting;

namespace Codius.Web.Deploying.Services;

/// <summary>
/// <c>GET /services/{name}</c>, public: the spec and state of a name or a hash, without secrets, tokens and internals. Its owner also
/// reads why it last could not start, with the app's last lines, and what its alerts are signed with.
/// </summary>
internal sealed class GetService(
    IAppStore store, IAppCatalog catalog, IAppRunner runner, LastFailures failures, AppActivity activity, UnpaidDays unpaid,
    AppAlertKeys alertKeys, HostNames names, TimeProvider time)
{
    public async Task HandleAsync(HttpContext context, string name)
    {
        try
        {
            if (!HostNames.IsLabel(name) || await store.FindAsync(name, context.RequestAborted) is not { } app)
            {
                await Problems.WriteAsync(context, DeployProblems.NoSuchApp);
                return;
            }
            var forOwner = IsOwner(context, app);
            var failure = forOwner ? await failures.ReadAsync(name, app.Owner) : null;
            var endsInDays = await EndsInDaysAsync(app);
            context.Response.ContentType = "application/json; charset=UTF-8";
            context.Response.Headers.CacheControl = "no-store";
            await JsonSerializer.SerializeAsync(context.Response.Body, View(name, app, forOwner, endsInDays, failure),
                ServiceJson.Default.ServiceView, context.RequestAborted);
        }
        catch (AppStoreUnavailableException)
        {
            await Problems.WriteAsync(context, DeployProblems.StoreAway);
        }
    }

    private async ValueTask<int?> EndsInDaysAsync(StoredApp app)
    {
        try
        {
            return await unpaid.LeftAsync(app);
        }
        catch (LedgerUnavailableException)
        {
            // What runs can be checked all the same.
            return null;
        }
    }

    private ServiceView View(string name, StoredApp app, bool forOwner, int? endsInDays, LastFailure? failure) => new(
        "core.codius.org/v1alpha1", "Service",
        new ServiceMetadata(name, app.CreatedAt == default ? null : app.CreatedAt, new Dictionary<string, string>
        {
            [AppAnnotations.Hash] = app.Hash,
            [AppAnnotations.Hostname] = names.HostNameOf(name),
        }),
        app.Spec,
        Status(name, forOwner, endsInDays, failure, forOwner && app.Owner is { } owner ? alertKeys.Of(app.Name, owner) : null));

    private ServiceStatus Status(string name, bool forOwner, int? endsInDays, LastFailure? failure, string? alertKey)
    {
        var state = catalog.Current.TryFind(name, out var hosted) ? runner.StateOf(hosted) : AppState.Asleep;
        var lastRequest = activity.IdleFor(name) is { } idle
            ? (time.GetUtcNow() - idle).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture) : null;
        return new ServiceStatus(
            state is AppState.Awake ? 1 : 0,
            state is AppState.WakingState or AppState.Failed ? 1 : 0,
            lastRequest,
            [
                .. Blocked(hosted),
                new ServiceCondition("Ready", state is AppState.Awake ? "True" : "False", Reason(state), null),
                new ServiceCondition("Failed", state is AppState.Failed ? "True" : "False", Reason(state),
                    forOwner && state is AppState.Failed failed ? failed.Reason : null),
            ],
            endsInDays, failure, alertKey);
    }

    private static IEnumerable<ServiceCondition> Blocked(HostedApp? app) =>
        app?.BlockedWords is { } words ? [new ServiceCondition("Blocked", "True", "Blocked", words)] : [];

    private static string Reason(AppState state) => state switch
    {
        AppState.Awake => "Awake",
        AppState.WakingState => "Waking",
        AppState.Failed => "Failed",
        _ => "Asleep",
    };

    // The last lines of an app's output may hold what only its owner should read.
    private static bool IsOwner(HttpContext context, StoredApp app) =>
        context.Request.Headers.Authorization.ToString().Split(' ') is ["Bearer", var token] && app.Owner == AccountId.OfDeployToken(token);
}
