using Codius.Web.Admin.Dashboard.Live;
using Codius.Web.Apps;
using Codius.Web.Hosting.Supervision;

namespace Codius.Web.Admin.Dashboard.Traffic;

/// <summary>What this gateway had to do in each minute of the last hour, read from its counters once a minute.</summary>
internal sealed class VisitPulse(AppVisits visits, FailedVisits failed, Happenings happenings, Supervisor supervisor, TimeProvider time)
    : SupervisedService(supervisor.Work("visits of the dashboard"))
{
    /// <summary>How many minutes are kept.</summary>
    public const int Minutes = 60;

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Queue<PulseCount> _counts = new([default]);

    /// <summary>The minutes of the last hour, the oldest first; the last one is of now and has just begun.</summary>
    public IReadOnlyList<PulseCount> Read()
    {
        var now = Count();
        PulseCount[] counts;
        lock (_gate) counts = [.. _counts, now];
        return [.. counts.Zip(counts.Skip(1), static (before, after) => after - before)];
    }

    /// <summary>Ends a minute.</summary>
    public void EndMinute()
    {
        visits.Remember();
        var now = Count();
        lock (_gate)
        {
            _counts.Enqueue(now);
            if (_counts.Count > Minutes) _counts.Dequeue();
        }
    }

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        using var timer = SharedTicks.Every(Minute, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            EndMinute();
            Work.Succeeded();
        }
    }

    private PulseCount Count() => new(visits.Total, happenings.Starts, failed.Unpaid, failed.Errors);
}

/// <summary>Visits that could pay, cold starts, visits without money and visits with an error.</summary>
internal readonly record struct PulseCount(long Visits, long Starts, long Unpaid, long Errors)
{
    // The visits of a deleted app are no longer counted.
    public static PulseCount operator -(PulseCount after, PulseCount before) => new(
        Math.Max(0, after.Visits - before.Visits), after.Starts - before.Starts, after.Unpaid - before.Unpaid,
        after.Errors - before.Errors);
}
