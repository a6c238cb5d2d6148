using Codius.Web.Apps;

namespace Codius.Web.Visits;

/// <summary>Which outcomes are failures, for alerts and for the owner's dashboard.</summary>
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

    /// <summary>Counts a visit that the gateway answers itself, if that is a failure.</summary>
    public static void Count(FailedVisits failed, Visit visit)
    {
        // The app's own error was counted when its answer began.
        if (visit.Answer == VisitOutcome.AppFailed) return;
        if (Unpaid.Contains(visit.Outcome)) failed.CountUnpaid(visit.App.Name);
        else if (Errors.Contains(visit.Outcome)) failed.CountError(visit.App.Name);
    }
}
