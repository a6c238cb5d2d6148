namespace Codius.Web.Apps;

/// <summary>What an app is doing.</summary>
internal abstract record AppState
{
    /// <summary>No process, no pod.</summary>
    public static AppState Asleep { get; } = new AsleepState();

    /// <summary>Starting, not yet ready to answer.</summary>
    public static AppState Waking { get; } = new WakingState();

    internal sealed record AsleepState : AppState;

    /// <summary>Starting; <paramref name="Detail"/> says what a start that takes long is waiting for.</summary>
    internal sealed record WakingState(string? Detail = null) : AppState;

    /// <summary>Ready to answer at <paramref name="Address"/> (scheme, host and port).</summary>
    internal sealed record Awake(Uri Address) : AppState
    {
        /// <summary>The form YARP's forwarder needs, built once.</summary>
        public string Prefix { get; } = Address.GetLeftPart(UriPartial.Authority) + "/";
    }

    /// <summary>Could not start; <paramref name="Reason"/> is a message for anyone.</summary>
    internal sealed record Failed(string Reason, DateTimeOffset? RetryAt = null) : AppState
    {
        private static readonly TimeSpan AfterOwnersLimit = TimeSpan.FromSeconds(10);

        /// <summary>The result for requests that waited for an app that was put to sleep meanwhile.</summary>
        public static Failed PutToSleep { get; } =
            new("The app was put to sleep before it was awake.") { Cause = FailureCause.PutToSleep };

        /// <summary>For an app that must not wake while so many others of its owner are awake.</summary>
        public static Failed OwnerHasEnough(int max, DateTimeOffset now) => new(
            $"Its owner has {max} other {(max == 1 ? "app" : "apps")} awake, as many as one owner may have at a time here.",
            now + AfterOwnersLimit)
        {
            Cause = FailureCause.OwnersLimit,
        };

        public FailureCause Cause { get; init; } = FailureCause.App;

        /// <summary>True if nothing was started: an earlier failure forbids it, or no image or gateway is there that could.</summary>
        public bool Refused { get; init; }

        /// <summary>True if containers of the app ran before it failed: that time is not given back.</summary>
        public bool Ran { get; init; }

        /// <summary>True if what the wake paid is given back (MONEY 5).</summary>
        public bool IsFree => Refused || Cause is FailureCause.Image or FailureCause.Host or FailureCause.OwnersLimit;

        /// <summary>The last lines of the app's output, for its owner alone: they may hold secrets; null if there are none.</summary>
        public string? Output { get; init; }
    }
}
