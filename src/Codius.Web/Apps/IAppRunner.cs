namespace Codius.Web.Apps;

/// <summary>Wakes apps and puts them to sleep; the same contract for Kubernetes and for local processes.</summary>
internal interface IAppRunner
{
    /// <summary>What the app is doing now; cheap, for the hot path.</summary>
    AppState StateOf(HostedApp app);

    /// <summary>
    /// Asks for the app to be awake and returns the state after asking: many callers make one wake. An app that is awake in an
    /// older version stays awake while the new one starts.
    /// A start that failed three times waits 1, 2, 4 ... 30 minutes before the next try, and says so in its reason.
    /// </summary>
    AppState Wake(HostedApp app);

    /// <summary>
    /// Waits until the app is awake or has failed; what it returns is never asleep or waking. One that is put to sleep
    /// before it was awake has failed for those who waited.
    /// </summary>
    /// <exception cref="OperationCanceledException">The wait was cancelled; the app goes on waking.</exception>
    Task<AppState> WhenReadyOrFailedAsync(HostedApp app, CancellationToken cancellation);

    /// <summary>
    /// The app is asleep at once for whoever asks; what runs is asked to end (SIGTERM), and ended after the grace.
    /// Returns once it is gone; cancelled, it goes on in the background. A wake meanwhile starts anew.
    /// </summary>
    Task SleepAsync(HostedApp app, TimeSpan grace, CancellationToken cancellation);

    /// <summary>
    /// A visit could not connect to an app that was said to be awake: a runner that learns late of what ended looks again, and the app is
    /// waking
    /// until it accepts connections. Nothing changes for an app that has moved since, or whose end the runner sees at once.
    /// </summary>
    void ReportUnreachable(HostedApp app, AppState.Awake state);

    /// <summary>The apps that are not asleep, and those whose last start failed.</summary>
    IReadOnlyCollection<AppStatus> Statuses { get; }

    /// <summary>Raised with the app's name after each change of state; handlers are quick.</summary>
    event Action<string>? StateChanged;
}
