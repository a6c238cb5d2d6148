using Codius.Web.Balances;

namespace Codius.Web.Admin.Dashboard.Actions;

/// <summary>Why money was not moved, for people.</summary>
internal static class MoneyOutcome
{
    /// <summary>Null if it was moved, now or by the same form before.</summary>
    public static string? InWords(SpendResult result) => result.Outcome switch
    {
        SpendOutcome.Done or SpendOutcome.Repeated => null,
        SpendOutcome.Unavailable =>
            "The host's store did not answer, so it is not known whether it was done. Send this form again: it is done once.",
        SpendOutcome.NoAccount => "It was never paid, so there is nothing to change.",
        SpendOutcome.Recalled => "A gateway holds some of the money for visits; it was asked for it. Try again in a moment.",
        _ => "It has less than that by now. Go back and look at its statement.",
    };
}
