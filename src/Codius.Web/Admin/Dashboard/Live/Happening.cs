namespace Codius.Web.Admin.Dashboard.Live;

/// <summary>Something that happened to an app a moment ago.</summary>
/// <param name="Key">The same for a payment that goes on: its amount grows.</param>
/// <param name="At">When.</param>
/// <param name="Kind">paid, woke, slept, failed, unpaid or erred.</param>
/// <param name="Account">The app's name, or the id of a deploy token's account.</param>
/// <param name="Text">What, after the name.</param>
/// <param name="Detail">More of it; null for nothing.</param>
public sealed record Happening(string Key, DateTimeOffset At, string Kind, string Account, string Text, string? Detail)
{
    /// <summary>The account is an app's, not a deploy token's.</summary>
    public bool IsOfApp { get; init; } = true;

    /// <summary>How many visits it stands for; null if it is none of visits.</summary>
    public long? Visits { get; init; }

    /// <summary>When the first of them was.</summary>
    public DateTimeOffset Began { get; init; }
}
