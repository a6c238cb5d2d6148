namespace Codius.Web.Balances.Leases;

/// <summary>
/// The gateway's view of one lease: <c>Granted = Used + Open + Free</c>. Guarded by the lock of its <see cref="AccountLease"/>.
/// A reservation belongs to the slice it was made in: when a slice is dropped, its reservations are dropped too.
/// </summary>
internal sealed class LeaseSlice
{
    public string Id { get; } = Guid.NewGuid().ToString("N");

    /// <summary>Sequence of the last request made for it.</summary>
    public long Sequence { get; set; }

    /// <summary>Units granted in total, by the store's last answer.</summary>
    public ulong Granted { get; set; }

    /// <summary>Units of committed reservations.</summary>
    public ulong Used { get; set; }

    /// <summary>How much of <see cref="Used"/> is settled in the store.</summary>
    public ulong Settled { get; set; }

    /// <summary>Units of reservations neither committed nor voided.</summary>
    public ulong Open { get; set; }

    /// <summary>The reservations in <see cref="Open"/> whose requests apps have.</summary>
    public ForwardedReservations Forwarded { get; } = new();

    /// <summary>Units that no recall can bring back.</summary>
    public ulong ForwardedUnits => Math.Min(Forwarded.Units, Open); // CloseAsync sets Open to 0

    /// <summary>How many of <see cref="ForwardedUnits"/> the store knows of.</summary>
    public ulong ReportedForwarded { get; set; }

    /// <summary>
    /// When it was last renewed: by this process' own clock, taken before the request was sent.
    /// </summary>
    public long RenewedAt { get; set; }

    /// <summary>
    /// What can be reserved without a request; 0 if the store granted less than this gateway assumed (a restored backup).
    /// </summary>
    public ulong Free => Granted > Used + Open ? Granted - Used - Open : 0;

    /// <summary>What the store counts as leased to it.</summary>
    public ulong Out => Granted > Settled ? Granted - Settled : 0;
}
