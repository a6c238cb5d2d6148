using Codius.Web.Apps;
using Codius.Web.Apps.Steering;
using Codius.Web.Hosting.Supervision;

namespace Codius.Web.Pages.Following;

/// <summary>
/// Publishes each change of an app's state, and of what the host's owner set for it, to the followers of that app only, so that ten
/// thousand streams do not queue behind one event.
/// </summary>
internal sealed class AppStateChanges : IDisposable
{
    private readonly Dictionary<string, HashSet<Action>> _followers = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private readonly SupervisedWork _work;
    private readonly IAppRunner _runner;
    private readonly IAppSteering _steering;

    public AppStateChanges(IAppRunner runner, IAppSteering steering, Supervisor supervisor)
    {
        _work = supervisor.Work("followers of apps");
        (_runner, _steering) = (runner, steering);
        _runner.StateChanged += Publish;
        _steering.Changed += Publish;
    }

    /// <summary>Calls <paramref name="changed"/>, which must not block, on each change until disposed.</summary>
    public IDisposable Follow(string app, Action changed)
    {
        lock (_lock)
        {
            if (!_followers.TryGetValue(app, out var followers)) _followers[app] = followers = [];
            followers.Add(changed);
        }
        return new Following(this, app, changed);
    }

    public void Dispose()
    {
        _runner.StateChanged -= Publish;
        _steering.Changed -= Publish;
    }

    private void Publish(string app)
    {
        lock (_lock)
        {
            if (!_followers.TryGetValue(app, out var followers)) return;
            foreach (var changed in followers) _work.Try(changed);
        }
    }

    private void Unfollow(string app, Action changed)
    {
        lock (_lock)
        {
            if (_followers.TryGetValue(app, out var followers) && followers.Remove(changed) && followers.Count == 0) _followers.Remove(app);
        }
    }

    private sealed class Following(AppStateChanges changes, string app, Action changed) : IDisposable
    {
        public void Dispose() => changes.Unfollow(app, changed);
    }
}
