using Codius.Web.Balances;

namespace Codius.Web.Visits.Charging;

/// <summary>Reserves the price of the request before any work is done for it.</summary>
internal sealed class ChargingStep(IReservations reservations, Prices prices)
{
    /// <summary>A preflight is free.</summary>
    public ValueTask<VisitOutcome> ReserveAsync(Visit visit) =>
        visit.Kind == VisitKind.Preflight ? new(VisitOutcome.None) : ReservePriceAsync(visit);

    /// <summary>Reserves the price whatever the kind of the visit.</summary>
    public ValueTask<VisitOutcome> ReservePriceAsync(Visit visit)
    {
        var app = visit.App;
        var price = app.Steering?.PricePerRequest ?? prices.PerRequest;
        visit.Record?.Price = price;
        var reserving = reservations.ReserveAsync(
            app.Account, price, visit.Context.RequestAborted, app.CapPerHour);
        return reserving.IsCompletedSuccessfully ? new(Reserved(visit, reserving.Result)) : WaitAsync(visit, reserving);
    }

    private static async ValueTask<VisitOutcome> WaitAsync(Visit visit, ValueTask<Reservation> reserving) =>
        Reserved(visit, await reserving);

    private static VisitOutcome Reserved(Visit visit, Reservation reservation)
    {
        visit.Reservation = reservation;
        visit.RetryAfter = reservation.RetryAfter;
        return reservation.Outcome switch
        {
            ReserveOutcome.Reserved => VisitOutcome.None,
            ReserveOutcome.NotEnough => VisitOutcome.NotEnough,
            ReserveOutcome.Capped => VisitOutcome.OverOwnersCap,
            ReserveOutcome.Recalled => VisitOutcome.Recalled,
            ReserveOutcome.Unavailable => VisitOutcome.LedgerUnavailable,
            _ => throw new InvalidOperationException($"A reservation cannot end a visit with {reservation.Outcome}"),
        };
    }
}
