namespace Codius.Web.Balances;

/// <summary>Takes the price of one request aside, so that it can be committed when the app answers or voided when it never did.</summary>
internal interface IReservations
{
    /// <summary>Reserves a price; waits up to 2 s for recalled money.</summary>
    ValueTask<Reservation> ReserveAsync(AccountId account, ulong price, CancellationToken cancellation);
}

/// <summary>All that can become of a reservation.</summary>
internal enum ReserveOutcome
{
    /// <summary>The price is set aside: commit or void it, exactly once.</summary>
    Reserved,

    /// <summary>Out of funds: 402.</summary>
    NotEnough,

    /// <summary>The money is there but not here yet: 503 with Retry-After 1.</summary>
    Recalled,

    /// <summary>The ledger cannot be asked: 503.</summary>
    Unavailable,
}

/// <summary>The price of one request, set aside; neither <see cref="Commit"/> nor <see cref="Void"/> touches the network.</summary>
internal abstract class Reservation
{
    public abstract ReserveOutcome Outcome { get; }

    /// <summary>The account's funds as last heard of, for the 402 page; 0 if nobody ever paid it.</summary>
    public abstract ulong Funds { get; }

    /// <summary>The app began to answer: the price is used, for good.</summary>
    public abstract void Commit();

    /// <summary>The request never reached the app: the price is free again. Does nothing after <see cref="Commit"/>.</summary>
    public abstract void Void();
}
