using Codius.Web.Apps;
using Codius.Web.Balances;

namespace Codius.Web.Pages.Following;

/// <summary>What a visit to an app would get now.</summary>
public enum Standing
{
    /// <summary>The 402: the balance does not pay for a request, and for the wake where one is needed.</summary>
    Closed,

    /// <summary>The app; its balance is below what opens the app's page by itself.</summary>
    Low,

    /// <summary>The app.</summary>
    Open,

    /// <summary>A new start, since the last one failed: money does not mend that.</summary>
    Failed,

    /// <summary>Nothing, and it cannot be paid: the host's owner has blocked it.</summary>
    Blocked,
}

/// <summary>Finds the standing of an app by its state and its balance.</summary>
internal static class Standings
{
    public static Standing Of(AppState state, ulong funds, Prices prices)
    {
        if (state is AppState.Failed { Cause: not FailureCause.PutToSleep }) return Standing.Failed;
        var needed = state is AppState.Awake or AppState.WakingState
            ? prices.PerRequest : Prices.Least(prices.PerRequest, prices.PerRunningHour);
        return funds < needed ? Standing.Closed : funds < prices.OpenAt ? Standing.Low : Standing.Open;
    }
}
