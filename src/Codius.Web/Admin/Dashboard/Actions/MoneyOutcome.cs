using Codius.Web.Balances;

namespace Codius.Web.Admin.Dashboard.Actions;

/// <summary>Why money was not moved, for people.</summary>
internal static class MoneyOutcome
{
    /// <summary>Null if it was moved, now or by the same form before.</summary>
    public static string? InWords(SpendResult? result) => result?.Outcome switch
    {
        null => "The same form was sent with another amount or reason before. Nothing was done now: look at the audit log.",
        SpendOutcome.Done or SpendOutcome.Repeated => null,
        SpendOutcome.Unavailable =>
            "The host's store did not answer, so it is not known whether it was done. Send this form again: it is done once.",
        SpendOutcome.Forgotten => "This form was sent before, and it is not known any more whether it was done: look at the statement and "
            + "the totals. Nothing was done now.",
        SpendOutcome.NoAccount => "It was never paid, so there is nothing to change.",
        SpendOutcome.Recalled => "A gateway holds some of the money for visits; it was asked for it. Try again in a moment.",
        _ => "It has less than that by now, or could not hold so much. Go back and look at its statement.",
    };

    /// <summary>The same for a settlement, whose key an admin writes: a repeat may be a mistake.</summary>
    public static string? OfSettlementInWords(SpendResult? result) => result?.Outcome switch
    {
        null => "This reference was booked with another amount or reason, or for another connector. Nothing was done now.",
        SpendOutcome.Repeated => "This reference was booked before; nothing was done now.",
        _ => InWords(result),
    };
}
