using Codius.Web.Visits.Charging;

namespace Codius.Web.Visits.ColdStart;

/// <summary>
/// Lets a preflight wake an app where the request that follows it could: the price of that one is reserved, within the owner's cap,
/// while the first interval awake is billed, and then released. So an app without funds for both is woken by neither. In the owner's cap
/// it stays counted where the wake was billed, so that preflights alone cannot wake the app without end.
/// </summary>
internal sealed class PreflightWake(ChargingStep charging, WakeFee fee)
{
    public async ValueTask<VisitOutcome> PayAsync(Visit visit)
    {
        try
        {
            var outcome = await charging.ReservePriceAsync(visit);
            return outcome == VisitOutcome.None ? await fee.PayAsync(visit) : outcome;
        }
        finally
        {
            VisitCharge.Close(visit);
        }
    }
}
