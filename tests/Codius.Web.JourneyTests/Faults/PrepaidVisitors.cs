namespace Codius.Web.JourneyTests.Faults;

/// <summary>
/// Visitors of an app that has no funds but theirs: each pays the price of one visit through one gateway and then visits through the
/// other. So there is always money for the visit, little of it, and a 402 would be false.
/// </summary>
internal sealed class PrepaidVisitors(IReadOnlyList<Visitors> visitors, Payer payer)
{
    /// <summary>Pays and visits until stopped.</summary>
    public async Task VisitAsync(string url, AnswerLog log, CancellationToken stop)
    {
        var wasAnswered = true;
        for (var visit = 0; !stop.IsCancellationRequested; visit++)
        {
            await payer.PayAsync(FaultStage.Price);
            wasAnswered = await visitors[visit % visitors.Count].VisitOnceAsync(url, log, wasAnswered);
        }
    }
}
