namespace Codius.Web.Apps;

/// <summary>Wakes apps and puts them to sleep; the same contract for Kubernetes and for local processes.</summary>
internal interface IAppRunner
{
    /// <summary>
    /// The app's state now; cheap, for the hot path. An older version that is awake or waking counts as the app; one that failed does
    /// not: the app is asleep until its own version was tried.
    /// </summary>
    AppState StateOf(HostedApp app);

    /// <summary>
    /// Starts the app unless it is awake or waking, and returns its state then: concurrent callers cause one start. An app that is
    /// awake in an older version stays awake while the new one starts. After three failed starts the next one is refused for
    /// 1, 2, 4 ... 30 minutes, with the reason of the last failure; after failures of the host, for 5 to 60 seconds.
    /// </summary>
    AppState Wake(HostedApp app);

    /// <summary>
    /// Waits until the app is awake or has failed; the result is never asleep or waking. An app that is put to sleep before it was
    /// awake has failed for the waiting callers.
    /// </summary>
    /// <exception cref="OperationCanceledException">The wait was cancelled; the app goes on waking.</exception>
    Task<AppState> WhenReadyOrFailedAsync(HostedApp app, CancellationToken cancellation);

    /// <summary>
    /// The state is asleep at once; the process or pod gets SIGTERM, and is killed after the grace.
    /// Returns once it has ended; cancelled, it goes on in the background. A wake meanwhile starts the app anew.
    /// </summary>
    Task SleepAsync(HostedApp app, TimeSpan grace, CancellationToken cancellation);

    /// <summary>
    /// A visit could not connect to an app whose state was awake: a runner that learns late of an end checks again, and the app is
    /// waking until it accepts connections. Nothing changes if the state has changed since, or if the runner sees an end at once.
    /// </summary>
    void ReportUnreachable(HostedApp app, AppState.Awake state);

    /// <summary>The apps that are not asleep, and those whose last start failed.</summary>
    IReadOnlyCollection<AppStatus> Statuses { get; }

    /// <summary>The status of one app; null if it is none of <see cref="Statuses"/>.</summary>
    AppStatus? StatusOf(string name) => Statuses.FirstOrDefault(status => status.App.Name == name);

    /// <summary>
    /// The last lines of output of an app that runs, for its owner and the host's: they may hold secrets. Null if it does not run here, or
    /// wrote none, or they cannot be read.
    /// </summary>
    ValueTask<string?> ReadOutputAsync(HostedApp app, CancellationToken cancellation) => default;

    /// <summary>Raised with the app's name after each change of state; handlers are quick.</summary>
    event Action<string>? StateChanged;
}
