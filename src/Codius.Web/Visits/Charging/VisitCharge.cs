using Codius.Web.Balances;

namespace Codius.Web.Visits.Charging;

/// <summary>
/// Commits or voids a reserved price, once per visit: the first call decides, later ones change nothing. A price that was committed
/// before, since the app has had the request for long, stays so whatever comes of it.
/// </summary>
internal static class VisitCharge
{
    /// <summary>The app's answer begins. A 5xx is free while the app has free errors left in this minute.</summary>
    public static void Answered(Visit visit, int status)
    {
        visit.Answer = status >= 500 ? VisitOutcome.AppFailed : VisitOutcome.Answered;
        if (status < 500) Commit(visit);
        else Failed(visit);
    }

    /// <summary>The app received the request and did not answer it: its failure, so charged as a 5xx.</summary>
    public static void Failed(Visit visit)
    {
        if (visit.Reservation is not { } reservation) return;
        if (!reservation.IsCommitted && reservation.TryUseFreeError()) Void(visit);
        else Commit(visit);
    }

    /// <summary>The app worked for the client, whatever the result.</summary>
    public static void Commit(Visit visit)
    {
        if (visit.Reservation is not { } reservation) return;
        visit.Reservation = null;
        visit.Charged = true;
        reservation.Commit();
    }

    /// <summary>Ends every visit: a request whose price is still reserved never reached the app.</summary>
    public static void Close(Visit visit)
    {
        if (visit.Reservation is { Outcome: ReserveOutcome.Reserved }) Void(visit);
    }

    private static void Void(Visit visit)
    {
        visit.Reservation!.Void();
        visit.Charged = visit.Reservation.IsCommitted;
        visit.Reservation = null;
    }
}
