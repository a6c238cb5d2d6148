using Codius.Web.Apps;
using Codius.Web.Balances;
using Codius.Web.Hosting;

namespace Codius.Web.Pages;

/// <summary>What a visitor reads about the start of an app: what it costs, and who can mend a failed one.</summary>
internal sealed class StartMessages(Prices prices, Asset asset)
{
    private readonly string _minute = $"{asset.Format(RunningInterval.PriceOf(prices.PerRunningHour))} {asset.Code}";

    /// <summary>For the page of a waking app.</summary>
    public string Waiting =>
        $"The start costs its balance a minute awake, {_minute}, or more if it takes longer, whether you wait or leave.";

    /// <summary>After the reason of a failed start: who can mend it, and what it cost.</summary>
    public string AfterFailure(AppState.Failed failed) => failed.Cause == FailureCause.PutToSleep
        // Another gateway saw its start fail, or its owner deleted it: this one does not know what became of the wake's minute.
        ? "A new visit wakes it again, or is told why not."
        : $"{Mends(failed.Cause)} {Cost(failed)}";

    private static string Mends(FailureCause cause) => cause switch
    {
        FailureCause.Host => "This is the host's to mend, not the app's owner's; it is in the host's log.",
        FailureCause.OwnersLimit => "It can wake once another of them sleeps.",
        FailureCause.Image => "The app's owner has to mend it: the image is at fault, not the app.",
        _ => "The app's owner has to mend it.",
    };

    private string Cost(AppState.Failed failed) => failed switch
    {
        { Refused: true } => "It was not started, which cost nothing.",
        { IsFree: true, Ran: true } => "What was paid for the start is given back, except for the time that it ran.",
        { IsFree: true } => "What was paid for the start is given back.",
        _ => $"The start cost the app's balance a minute awake, {_minute}, or more if it took longer.",
    };
}
