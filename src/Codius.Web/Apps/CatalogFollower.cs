using Codius.Web.Hosting.Supervision;

namespace Codius.Web.Apps;

/// <summary>Applies changes of the catalog to the runner: a newer version of an awake app starts at once, a deleted app ends.</summary>
internal sealed class CatalogFollower(IAppCatalog catalog, IAppRunner runner, AppActivity activity, Supervisor supervisor) : IHostedService
{
    /// <summary>How long a deleted app may take to end.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    private readonly SupervisedWork _work = supervisor.Work("catalog follower");
    private readonly SupervisedWork _ending = supervisor.Work("ends of deleted apps");

    public Task StartAsync(CancellationToken cancellationToken)
    {
        catalog.Changed += Follow;
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        catalog.Changed -= Follow;
        return Task.CompletedTask;
    }

    private void Follow()
    {
        var apps = catalog.Current;
        foreach (var status in runner.Statuses) _work.Try(() => Follow(status, apps));
        activity.ForgetAllBut(apps);
    }

    private void Follow(AppStatus status, AppSnapshot apps)
    {
        if (!apps.TryFind(status.App.Name, out var app))
            _ = _ending.TryAsync(() => runner.SleepAsync(status.App, Grace, CancellationToken.None));
        else if (app.Hash != status.App.Hash && status.State is not AppState.Failed) runner.Wake(app);
    }
}
