namespace Codius.Web.Balances;

/// <summary>Reserves the price of one request, to be committed when the app answers or voided if it never did.</summary>
internal interface IReservations
{
    /// <summary>Reserves a price; waits up to 2 s for recalled money.</summary>
    /// <param name="account">What is charged.</param>
    /// <param name="price">Units; 0 reserves nothing.</param>
    /// <param name="cancellation">The client left.</param>
    /// <param name="capPerHour">The most that requests may cost an hour, in units, over all gateways; null for no such cap.</param>
    ValueTask<Reservation> ReserveAsync(
        AccountId account, ulong price, CancellationToken cancellation, ulong? capPerHour = null);
}

/// <summary>The possible outcomes of a reservation.</summary>
internal enum ReserveOutcome
{
    /// <summary>The price is reserved: commit or void it, exactly once.</summary>
    Reserved,

    /// <summary>Out of funds, but for what requests in flight hold: 402.</summary>
    NotEnough,

    /// <summary>The account has the funds, but other gateways lease them: 503 with Retry-After 1.</summary>
    Recalled,

    /// <summary>The owner's cap is reached: 429.</summary>
    Capped,

    /// <summary>The ledger is unavailable: 503.</summary>
    Unavailable,
}

/// <summary>The reserved price of one request; neither <see cref="Commit"/> nor <see cref="Void"/> touches the network.</summary>
internal abstract class Reservation
{
    public abstract ReserveOutcome Outcome { get; }

    /// <summary>The account's funds as last known, for the 402 page; 0 if it was never paid.</summary>
    public abstract ulong Funds { get; }

    /// <summary>With <see cref="ReserveOutcome.Capped"/>: seconds until a price fits.</summary>
    public virtual int RetryAfter => 0;

    /// <summary>True once the price is spent for good.</summary>
    public virtual bool IsCommitted => false;

    /// <summary>
    /// The request is on its way to the app: its price cannot be recalled, and is committed 30 seconds later if nothing else ends it
    /// before.
    /// </summary>
    public virtual void Forward()
    {
    }

    /// <summary>The app does not have it after all, and it is tried again: takes <see cref="Forward"/> back.</summary>
    public virtual void Retract()
    {
    }

    /// <summary>The app failed: true if this error is one of those that cost nothing this minute, and its price must be voided.</summary>
    public virtual bool TryUseFreeError() => false;

    /// <summary>The app began to answer: the price is spent for good.</summary>
    public abstract void Commit();

    /// <summary>The request never reached the app: the price is released. Does nothing once it is committed.</summary>
    public abstract void Void();
}
