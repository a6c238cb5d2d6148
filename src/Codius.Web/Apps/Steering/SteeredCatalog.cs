using Codius.Web.Hosting.Supervision;

namespace Codius.Web.Apps.Steering;

/// <summary>
/// An engine's catalog whose apps carry what the host's owner set for them, so that a visit reads it with the app and looks up nothing
/// more. It is made anew with each change of either.
/// </summary>
internal sealed class SteeredCatalog : IAppCatalog
{
    private readonly IAppCatalog _apps;
    private readonly IAppSteering _steering;
    private readonly SupervisedWork _changes;
    private readonly Lock _lock = new();
    private volatile AppSnapshot _current = AppSnapshot.Empty;

    public SteeredCatalog(IAppCatalog apps, IAppSteering steering, Supervisor supervisor)
    {
        (_apps, _steering) = (apps, steering);
        _changes = supervisor.Work("changes of the catalog");
        apps.Changed += Follow;
        steering.Changed += _ => Follow();
        Read();
    }

    public event Action? Changed;

    public AppSnapshot Current => _current;

    private void Follow()
    {
        Read();
        _changes.Raise(Changed);
    }

    // Both are read under the lock: of two changes at once, the later reader has both.
    private void Read()
    {
        lock (_lock) _current = _apps.Current.Steered(_steering.All);
    }
}
