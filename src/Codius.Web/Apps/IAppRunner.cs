namespace Codius.Web.Apps;

/// <summary>Wakes apps and puts them to sleep; the same contract for Kubernetes and for local processes.</summary>
internal interface IAppRunner
{
    /// <summary>What the app is doing now; cheap, for the hot path.</summary>
    AppState StateOf(HostedApp app);

    /// <summary>
    /// Asks for the app to be awake and returns the state after asking: many callers make one wake.
    /// A start that failed three times waits 1, 2, 4 ... 30 minutes before the next try, and says so in its reason.
    /// </summary>
    AppState Wake(HostedApp app);

    /// <summary>Waits until the app is awake or has failed; what it returns is never asleep or waking.</summary>
    /// <exception cref="OperationCanceledException">The wait was cancelled; the app goes on waking.</exception>
    Task<AppState> WhenSettledAsync(HostedApp app, CancellationToken cancellation);

    /// <summary>Asks the app to end (SIGTERM), and ends it after the grace; returns once it is gone.</summary>
    Task SleepAsync(HostedApp app, TimeSpan grace, CancellationToken cancellation);

    /// <summary>Raised with the app's name on each change of state.</summary>
    event Action<string>? StateChanged;
}
