namespace Codius.Web.JourneyTests.Faults;

/// <summary>
/// A visitor of an app that has no funds but the visitor's: pays for a number of visits and then makes them, through both gateways in turn,
/// down to the last price. The end of it is leased by the other gateway as often as not, and a 402 would be false.
/// </summary>
internal sealed class PrepaidVisitors(IReadOnlyList<Visitors> visitors, Payer payer)
{
    private const int Visits = 40;

    /// <summary>Pays and visits until stopped.</summary>
    /// <param name="url">The app.</param>
    /// <param name="left">How many visits its balance is enough for.</param>
    /// <param name="log">Gets the answers.</param>
    /// <param name="stop">Ends it.</param>
    public async Task VisitAsync(string url, int left, AnswerLog log, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Visitors.Interval, TimeProvider.System);
        var statuses = visitors.Select(_ => 200).ToArray();
        for (var visit = 0; !stop.IsCancellationRequested; visit++)
        {
            if (left == 0)
            {
                await payer.PayAsync(Visits * FaultStage.Price);
                left = Visits;
            }
            var via = visit % visitors.Count;
            statuses[via] = await visitors[via].VisitOnceAsync(url, log, wasAnswered: statuses[via] != 0);
            // One without an answer may be paid.
            if (statuses[via] is 200 or 0) left--;
            await timer.WaitForNextTickAsync(CancellationToken.None);
        }
    }
}
