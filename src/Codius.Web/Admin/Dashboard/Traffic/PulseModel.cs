using System.Globalization;
using System.Text;

namespace Codius.Web.Admin.Dashboard.Traffic;

/// <summary>The last hour in numbers.</summary>
public sealed record PulseModel(IReadOnlyList<PulseModel.Line> Lines)
{
    internal static PulseModel Of(IReadOnlyList<PulseCount> minutes) => new(
    [
        Line.Of("visits", "Visits", "with money", minutes, static minute => minute.Visits),
        Line.Of("starts", "Cold starts", "apps that woke", minutes, static minute => minute.Starts),
        Line.Of("unpaid", "Without money", "answered 402", minutes, static minute => minute.Unpaid),
        Line.Of("errors", "Errors", "answered 5xx", minutes, static minute => minute.Errors),
    ]);

    /// <summary>One number, and its minutes as bars.</summary>
    /// <param name="Kind">Its class.</param>
    /// <param name="Name">What is counted.</param>
    /// <param name="Note">The same more exactly.</param>
    /// <param name="Sum">Of the hour.</param>
    /// <param name="Path">The bars, in a box of 60 by 16: the newest at the right.</param>
    public sealed record Line(string Kind, string Name, string Note, long Sum, string Path)
    {
        public string Number => Sum.ToString("N0", CultureInfo.InvariantCulture);

        internal static Line Of(
            string kind, string name, string note, IReadOnlyList<PulseCount> minutes, Func<PulseCount, long> count)
        {
            long[] counts = [.. minutes.Select(count)];
            return new Line(kind, name, note, counts.Sum(), PathOf(counts));
        }

        private static string PathOf(long[] counts)
        {
            var most = counts.Max();
            var path = new StringBuilder();
            for (var i = 0; i < counts.Length && most > 0; i++)
            {
                if (counts[i] == 0) continue;
                // None that exists is too low to be seen.
                var height = Math.Max(1.5, 16.0 * counts[i] / most);
                path.Append(CultureInfo.InvariantCulture, $"M{VisitPulse.Minutes - counts.Length + i}.1 16v-{height:0.#}h.8v{height:0.#}z");
            }
            return path.ToString();
        }
    }
}
