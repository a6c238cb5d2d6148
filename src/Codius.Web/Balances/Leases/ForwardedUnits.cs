using System.Globalization;

namespace Codius.Web.Balances.Leases;

/// <summary>Reads what requests in flight hold of an account, as the ledger's scripts store it.</summary>
internal static class ForwardedUnits
{
    /// <summary>More than the clocks of the store and of a gateway differ.</summary>
    private static readonly TimeSpan ClocksDiffer = TimeSpan.FromSeconds(60);

    /// <summary>
    /// The units of requests in flight. Those of a lease that has expired are none: its gateway has crashed, and the next script on the
    /// account gives them back, which on an account without visits may be long after.
    /// </summary>
    /// <param name="forwarded">Of each lease, as id,units; separated by a semicolon.</param>
    /// <param name="leases">The leases, as id,granted,used,sequence,expires (milliseconds); separated by a semicolon.</param>
    public static ulong Of(string forwarded, string leases, DateTimeOffset now)
    {
        if (forwarded.Length == 0) return 0;
        var expired = (now - ClocksDiffer).ToUnixTimeMilliseconds();
        var gone = leases.Split(';').Select(lease => lease.Split(','))
            .Where(lease => long.TryParse(lease[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var expires) && expires < expired)
            .Select(lease => lease[0]).ToHashSet(StringComparer.Ordinal);
        ulong sum = 0;
        foreach (var lease in forwarded.Split(';').Select(lease => lease.Split(',')))
        {
            if (!gone.Contains(lease[0])) sum += ulong.Parse(lease[1], NumberStyles.None, CultureInfo.InvariantCulture);
        }
        return sum;
    }
}
