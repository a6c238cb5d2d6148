using Codius.Web.Visits.Charging;

namespace Codius.Web.Visits.ColdStart;

/// <summary>
/// Lets a preflight wake an app where the request that follows it could: the price of that one is reserved, within the owner's cap,
/// while the first interval awake is billed, and then released. So an app without funds for both is woken by neither. In the owner's cap
/// it stays counted where the wake was billed, so that preflights alone cannot wake the app without end.
/// </summary>
internal sealed class PreflightWake(CapReservation caps, ChargingStep charging, WakeFee fee, VisitCharge charge)
{
    public async ValueTask<VisitOutcome> PayAsync(Visit visit)
    {
        try
        {
            var outcome = caps.Reserve(visit);
            if (outcome == VisitOutcome.None) outcome = await charging.ReservePriceAsync(visit);
            if (outcome == VisitOutcome.None) outcome = await fee.PayAsync(visit);
            if (outcome == VisitOutcome.None) visit.CapMinute = null;
            return outcome;
        }
        finally
        {
            charge.Close(visit);
        }
    }
}
