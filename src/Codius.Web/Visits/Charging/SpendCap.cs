using System.Collections.Concurrent;
using Codius.Web.Hosting;

namespace Codius.Web.Visits.Charging;

/// <summary>
/// Enforces an app owner's cap on what requests cost per hour. Spending is summed by minute, and a minute counts until it is a
/// whole hour old, so no hour ever exceeds the cap. Each gateway counts only its own requests.
/// </summary>
internal sealed class SpendCap(TimeProvider time)
{
    private const int Minutes = 61;

    private readonly ConcurrentDictionary<string, Hour> _hours = new(StringComparer.Ordinal);
    private readonly long _start = time.GetTimestamp();

    /// <summary>Counts a price; false, with the seconds until it fits, if it would exceed the cap.</summary>
    public bool TryReserve(string app, ulong cap, ulong price, out long minute, out int retryAfter)
    {
        var elapsed = time.GetElapsedTime(_start);
        minute = (long)elapsed.TotalMinutes;
        var freeIn = _hours.GetOrAdd(app, static _ => new Hour()).TryReserve(minute, cap, price);
        retryAfter = freeIn == 0 ? 0 : RetryAfter.SecondsOf(TimeSpan.FromMinutes(minute + freeIn) - elapsed);
        return freeIn == 0;
    }

    /// <summary>Subtracts a voided price again.</summary>
    public void Release(string app, ulong price, long minute) => _hours[app].Release(price, minute);

    private sealed class Hour
    {
        private readonly Lock _lock = new();
        private readonly ulong[] _spent = new ulong[Minutes];
        private ulong _sum;
        private long _now;

        /// <returns>0 if it was counted, else the minutes until it would be.</returns>
        public int TryReserve(long minute, ulong cap, ulong price)
        {
            lock (_lock)
            {
                MoveTo(minute);
                if (price <= cap && _sum <= cap - price)
                {
                    _spent[_now % Minutes] += price;
                    _sum += price;
                    return 0;
                }
                return price > cap ? Minutes : MinutesUntilRoom(cap - price);
            }
        }

        public void Release(ulong price, long minute)
        {
            lock (_lock)
            {
                if (_now - minute >= Minutes) return;
                _spent[minute % Minutes] -= price;
                _sum -= price;
            }
        }

        private void MoveTo(long minute)
        {
            for (var step = Math.Min(minute - _now, Minutes); step > 0; step--)
            {
                var slot = (minute - step + 1) % Minutes;
                _sum -= _spent[slot];
                _spent[slot] = 0;
            }
            _now = Math.Max(_now, minute);
        }

        private int MinutesUntilRoom(ulong most)
        {
            var left = _sum;
            for (var ahead = 1; ahead < Minutes; ahead++)
            {
                left -= _spent[(_now + ahead) % Minutes];
                if (left <= most) return ahead;
            }
            return Minutes;
        }
    }
}
