using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Codius.Web.Balances;
using Codius.Web.Hosting.Rates;

namespace Codius.Web.Visits.Charging;

/// <summary>
/// Counts each app's errors of the current minute: the first ones are free, so that no client pays for a failure; later ones are
/// charged, so that no app is hosted for free by answering 500.
/// </summary>
internal sealed class FreeErrors(TimeProvider time, Prices prices, LiveGateways gateways)
{
    private volatile Minute _minute = new(time.GetTimestamp());

    public bool TryUse(string app)
    {
        var minute = _minute;
        if (time.GetElapsedTime(minute.Start) >= TimeSpan.FromMinutes(1))
        {
            var next = new Minute(time.GetTimestamp());
            var seen = Interlocked.CompareExchange(ref _minute, next, minute);
            minute = ReferenceEquals(seen, minute) ? next : seen;
        }
        return Interlocked.Increment(ref minute.Errors.GetOrAdd(app, static _ => new StrongBox<int>()).Value)
            <= gateways.ShareOf(prices.FreeErrorsPerMinute);
    }

    /// <summary>A minute's counters are dropped together, so their number is bounded by the apps that failed in it.</summary>
    private sealed class Minute(long start)
    {
        public long Start { get; } = start;

        public ConcurrentDictionary<string, StrongBox<int>> Errors { get; } = new(StringComparer.Ordinal);
    }
}
