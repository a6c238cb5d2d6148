namespace Codius.Web.Apps;

/// <summary>Who can mend a failed start; it decides what a visitor reads, and whether the wake's fee is given back.</summary>
internal enum FailureCause
{
    /// <summary>The app itself: it ended, or did not accept connections in time.</summary>
    App,

    /// <summary>Its image cannot be pulled, or is not one that this host runs.</summary>
    Image,

    /// <summary>The host: no room, an evicted pod, a policy that did not hold, a gateway that is ending.</summary>
    Host,

    /// <summary>None: as many apps of its owner are awake as may be at a time.</summary>
    OwnersLimit,

    /// <summary>None: it was put to sleep before it was awake.</summary>
    PutToSleep,
}
