namespace Codius.Web.Apps;

/// <summary>Carries changes of the catalog to what runs: a newer version of an awake app starts at once, a deleted app ends.</summary>
internal sealed class CatalogFollower(IAppCatalog catalog, IAppRunner runner, AppActivity activity) : IHostedService
{
    /// <summary>How long a deleted app may take to end.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

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
        foreach (var status in runner.Statuses)
        {
            if (!apps.TryFind(status.App.Name, out var app)) _ = runner.SleepAsync(status.App, Grace, CancellationToken.None);
            else if (app.Hash != status.App.Hash && status.State is not AppState.Failed) runner.Wake(app);
        }
        activity.ForgetAllBut(apps);
    }
}
