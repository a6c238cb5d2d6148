using Codius.Web.Balances;

namespace Codius.Web.Visits.Charging;

/// <summary>Counts the price of a visit against the owner's cap; <see cref="VisitCharge"/> subtracts a voided one again.</summary>
internal sealed class CapReservation(SpendCap caps, Prices prices)
{
    public VisitOutcome Reserve(Visit visit)
    {
        if (visit.App.MaxSpendPerHour is not { } cap) return VisitOutcome.None;
        if (!caps.TryReserve(visit.App.Name, cap, prices.PerRequest, out var minute, out var retryAfter))
        {
            visit.RetryAfter = retryAfter;
            return VisitOutcome.OverOwnersCap;
        }
        visit.CapMinute = minute;
        return VisitOutcome.None;
    }
}
