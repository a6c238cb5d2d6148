namespace Codius.Web.Sleeping;

/// <summary>All that puts an app to sleep.</summary>
internal enum SleepReason
{
    /// <summary>It stays awake.</summary>
    None,

    /// <summary>Nothing was open for a while; its money is kept.</summary>
    Idle,

    /// <summary>Nothing is left to pay its running time, or its next request while none is open.</summary>
    OutOfFunds,
}
