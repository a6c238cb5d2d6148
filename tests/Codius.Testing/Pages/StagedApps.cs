using Codius.Web.Apps;

namespace Codius.Testing.Pages;

/// <summary>A fake catalog and runner for the pages alone: one app, <c>hello</c>, that is in whatever state the test says.</summary>
internal sealed class StagedApps : IAppCatalog, IAppRunner
{
    public static HostedApp Hello { get; } = new("hello", new string('a', 52), "hello");

    private AppState _state = AppState.Asleep;

    public event Action? Changed;

    public event Action<string>? StateChanged;

    public AppSnapshot Current { get; private set; } = new([Hello, new HostedApp("guestbook", new string('b', 52), "guestbook")]);

    public IReadOnlyCollection<AppStatus> Statuses => [];

    public void Set(AppState state)
    {
        _state = state;
        StateChanged?.Invoke(Hello.Name);
    }

    public void Remove()
    {
        Current = AppSnapshot.Empty;
        Changed?.Invoke();
    }

    public AppState StateOf(HostedApp app) => _state;

    public AppState Wake(HostedApp app) => _state;

    public Task<AppState> WhenSettledAsync(HostedApp app, CancellationToken cancellation) => throw new NotSupportedException();

    public void ReportUnreachable(HostedApp app, AppState.Awake state) => throw new NotSupportedException();

    public Task SleepAsync(HostedApp app, TimeSpan grace, CancellationToken cancellation) => throw new NotSupportedException();
}
