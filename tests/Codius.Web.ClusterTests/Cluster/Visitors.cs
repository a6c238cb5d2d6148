using System.Net;

namespace Codius.Web.ClusterTests.Cluster;

/// <summary>Visitors of one app, each with its own kind of visit, who repeat it until the test ends them.</summary>
internal sealed class Visitors : IDisposable
{
    // Often enough to collide with everything, and rarely enough for probes to be answered on a busy machine.
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(25);

    private readonly CancellationTokenSource _end = new();
    private readonly Task<List<HttpStatusCode>>[] _visitors;

    public Visitors(string app, params Func<string, Task<HttpStatusCode>>[] ways) =>
        _visitors = [.. ways.Select(way => VisitAsync(() => way(app)))];

    /// <summary>All answers; a visit in flight still gets its own.</summary>
    public async Task<IReadOnlyCollection<HttpStatusCode>> LeaveAsync()
    {
        await _end.CancelAsync();
        return [.. (await Task.WhenAll(_visitors)).SelectMany(statuses => statuses)];
    }

    public void Dispose()
    {
        _end.Cancel();
        _end.Dispose();
    }

    private async Task<List<HttpStatusCode>> VisitAsync(Func<Task<HttpStatusCode>> visit)
    {
        var statuses = new List<HttpStatusCode>();
        using var timer = new PeriodicTimer(Pace, TimeProvider.System);
        do statuses.Add(await visit());
        while (!_end.IsCancellationRequested && await timer.WaitForNextTickAsync(CancellationToken.None));
        return statuses;
    }
}
