namespace Codius.Web.JourneyTests.Faults;

/// <summary>
/// A visitor of an app that has no funds but the visitor's: pays for a number of visits and then makes them, first through both gateways in
/// turn, then through one of them down to the last price. Part of the rest is leased by the other gateway then, and a 402 would be false.
/// </summary>
internal sealed class PrepaidVisitors(IReadOnlyList<Visitors> visitors, Payer payer)
{
    private const int Visits = 40;

    // Longer than any answer takes but that of a gateway that is frozen.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    /// <summary>Pays and visits until stopped.</summary>
    /// <param name="url">The app.</param>
    /// <param name="left">How many visits its balance is enough for.</param>
    /// <param name="log">Gets the answers.</param>
    /// <param name="stop">Ends it.</param>
    public async Task VisitAsync(string url, int left, Func<AnswerLog> log, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Visitors.Interval, TimeProvider.System);
        var statuses = visitors.Select(_ => 200).ToArray();
        var (last, via, isSpared) = (0, 0, false);
        while (!stop.IsCancellationRequested)
        {
            if (left == 0)
            {
                await payer.PayAsync(Visits * FaultStage.Price);
                (left, last, isSpared) = (Visits, 1 - last, false);
            }
            if (!isSpared) via = left > Visits / 2 ? 1 - via : last;
            statuses[via] = await visitors[via].VisitOnceAsync(url, log, wasAnswered: statuses[via] > Visitors.Cut, Patience);
            // One that may have reached the app may be paid; one that was refused is not, and must not make the balance look smaller.
            if (statuses[via] is 200 or Visitors.Cut) left--;
            // As a load balancer does: the other one gets all the rest, also where the first has leased a part of it.
            if (statuses[via] <= Visitors.Cut) (via, isSpared) = (1 - via, true);
            await timer.WaitForNextTickAsync(CancellationToken.None);
        }
    }
}
