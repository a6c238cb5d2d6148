using Codius.Web.Apps;

namespace Codius.Web.Visits;

/// <summary>Which outcomes are failures, and the one place where they are counted for alerts and for the owner's dashboard.</summary>
internal static class VisitFailures
{
    /// <summary>Not enough money: the app must be paid.</summary>
    public static VisitOutcome[] Unpaid { get; } = [VisitOutcome.NotEnough];

    /// <summary>An error of the app or of the host.</summary>
    public static VisitOutcome[] Errors { get; } =
    [
        VisitOutcome.None, VisitOutcome.Recalled, VisitOutcome.LedgerUnavailable, VisitOutcome.NoRoomToWait, VisitOutcome.WakeTimedOut,
        VisitOutcome.WakeFailed, VisitOutcome.AppUnreachable, VisitOutcome.NotDelivered, VisitOutcome.AppFailed, VisitOutcome.AppBrokeOff,
        VisitOutcome.AnswerNotForwardable, VisitOutcome.AnswerTimedOut,
    ];

    /// <summary>Counts a visit that has ended, if that is a failure.</summary>
    public static void Count(FailedVisits failed, Visit visit)
    {
        // As almost every visit ends.
        if (visit.Outcome == VisitOutcome.Answered) return;
        // The browser is let through, and its request comes.
        if (VisitErrorWriter.IsUnansweredPreflight(visit)) return;
        if (Unpaid.Contains(visit.Outcome)) failed.CountUnpaid(visit.App.Name);
        else if (Errors.Contains(visit.Outcome)) failed.CountError(visit.HasApp ? visit.App.Name : null);
    }
}
