namespace Codius.Web.Sleeping;

/// <summary>Why an app is put to sleep.</summary>
internal enum SleepReason
{
    /// <summary>It stays awake.</summary>
    None,

    /// <summary>It was idle; its money is kept.</summary>
    Idle,

    /// <summary>Its account cannot pay its running time, or its next request while none is open.</summary>
    OutOfFunds,

    /// <summary>The host's owner has blocked it; its money is kept.</summary>
    Blocked,

    /// <summary>The host's owner wants it asleep now; the next visit wakes it.</summary>
    Requested,
}
