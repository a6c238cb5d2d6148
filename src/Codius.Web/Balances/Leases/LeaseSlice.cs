namespace Codius.Web.Balances.Leases;

/// <summary>
/// The gateway's picture of one lease: <c>Granted = Used + Open + Free</c>. Guarded by the lock of its <see cref="AccountLease"/>.
/// A reservation belongs to the slice it was taken from: when a slice is dropped, its reservations go with it.
/// </summary>
internal sealed class LeaseSlice
{
    public string Id { get; } = Guid.NewGuid().ToString("N");

    /// <summary>Sequence of the last request made for it.</summary>
    public long Sequence { get; set; }

    /// <summary>Units granted in total, as the store said last.</summary>
    public ulong Granted { get; set; }

    /// <summary>Units of committed reservations.</summary>
    public ulong Used { get; set; }

    /// <summary>How much of <see cref="Used"/> the store knows.</summary>
    public ulong Settled { get; set; }

    /// <summary>Units of reservations neither committed nor voided.</summary>
    public ulong Open { get; set; }

    /// <summary>
    /// When it was last renewed, and until when it may be spent: by this process' own clock, counted from before it asked.
    /// </summary>
    public long RenewedAt { get; set; }

    /// <summary>
    /// What can be reserved without asking; nothing if the store granted less than this gateway believed (a restored backup).
    /// </summary>
    public ulong Free => Granted > Used + Open ? Granted - Used - Open : 0;

    /// <summary>What the store counts as leased to it.</summary>
    public ulong Out => Granted > Settled ? Granted - Settled : 0;
}
