using Codius.Web.Balances.Books;

namespace Codius.Web.Admin.Api;

/// <summary>The hours or days that a request asks for.</summary>
internal sealed record Period(BookStep Step, DateTimeOffset From, DateTimeOffset Until)
{
    private const int MostLines = 1_000;

    public static ApiProblem Bad { get; } = BadOf(MostLines);

    public static ApiProblem BadOf(int most) => ApiProblem.Bad("from",
        $"step must be hour or day, from must be before until, and between them at most {most} hours or days; "
            + "times are RFC 3339, such as 2026-01-31T00:00:00Z.");

    /// <summary>Null if it is none. Without times: the last 48 hours, or the last 30 days.</summary>
    public static Period? Of(string? step, DateTimeOffset? from, DateTimeOffset? until, DateTimeOffset now, int most = MostLines)
    {
        if (step is not (null or "hour" or "day")) return null;
        var (kind, length, usual) = step == "hour"
            ? (BookStep.Hour, TimeSpan.FromHours(1), 48) : (BookStep.Day, TimeSpan.FromDays(1), 30);
        var end = until ?? now;
        if (from is null && end - DateTimeOffset.MinValue < length * usual) return null;
        var start = from ?? end - length * usual;
        return start < end && end - start <= length * most ? new Period(kind, start, end) : null;
    }
}
