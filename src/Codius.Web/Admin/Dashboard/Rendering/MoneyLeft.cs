namespace Codius.Web.Admin.Dashboard.Rendering;

/// <summary>What an app has left, for how long that is enough, and how full its bar is.</summary>
/// <param name="Words">For how long, in words; empty if it spends nothing.</param>
/// <param name="Level">good, warn (less than a day) or bad (less than an hour).</param>
/// <param name="Percent">Of a bar that is full at a month, by the logarithm: an hour and a day both can be told apart on it.</param>
public sealed record MoneyLeft(string Words, string Level, int Percent)
{
    private static readonly TimeSpan Full = TimeSpan.FromDays(30);

    /// <summary>The class of the words: quiet while there is no hurry.</summary>
    public string Tone => Level == "good" ? "quiet" : Level;

    internal static MoneyLeft Of(ulong balance, ulong price, DateTimeOffset? runsDryAt, DateTimeOffset now)
    {
        if (balance < Math.Max(price, 1)) return new("no money", "bad", 0);
        if (runsDryAt is not { } end) return new("", "good", 100);
        var left = end > now ? end - now : TimeSpan.Zero;
        var percent = Math.Clamp((int)(100 * Math.Log(1 + left.TotalHours) / Math.Log(1 + Full.TotalHours)), 2, 100);
        var level = left < TimeSpan.FromHours(1) ? "bad" : left < TimeSpan.FromDays(1) ? "warn" : "good";
        return new(left > TimeSpan.FromDays(999) ? "" : $"dry in {Shown.Length(left)}", level, percent);
    }
}
