namespace Codius.Web.Admin.Api;

/// <summary>The times between which a list is wanted; null for no limit.</summary>
internal static class TimeRange
{
    // As long as the books of an account are kept.
    private const int MostDays = 1_830;

    public static ApiProblem Bad { get; } = ApiProblem.Bad("from",
        "from must be before until, and both within the last five years; times are RFC 3339, such as 2026-01-31T00:00:00Z.");

    public static bool IsGood(DateTimeOffset? from, DateTimeOffset? until, DateTimeOffset now)
    {
        var oldest = now.AddDays(-MostDays);
        return !(from < oldest) && !(until < oldest) && !((from ?? oldest) >= (until ?? now));
    }
}
