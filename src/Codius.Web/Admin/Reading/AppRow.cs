namespace Codius.Web.Admin.Reading;

/// <summary>An app as the host's owner sees it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Hash">The version that its name has.</param>
/// <param name="Image">The image of that version.</param>
/// <param name="State">asleep, waking, awake or failed.</param>
/// <param name="Since">Since when; null while it is asleep.</param>
/// <param name="Pods">How many pods or processes run for it.</param>
/// <param name="Balance">What it can still pay, in units.</param>
/// <param name="SpendingPerHour">What it spends in an hour, in units.</param>
/// <param name="RunsDryAt">When its money is gone if it goes on so; null if it spends nothing.</param>
/// <param name="LastVisit">When it was last in use at any gateway, to a minute if this one did not run then; null if not known.</param>
/// <param name="Owner">The account of the deploy token that owns it; null for the host's own.</param>
/// <param name="Blocked">What its visitors are told; null unless the host's owner blocked it.</param>
/// <param name="PricePerRequest">What a request to it costs, in units.</param>
/// <param name="MaxSpendPerHour">What its requests may cost in an hour, in units; null for no limit.</param>
/// <param name="LastFailure">Why it last could not start, within a day; null if it could.</param>
/// <param name="LastFailureAt">When that was.</param>
internal sealed record AppRow(
    string Name, string Hash, string Image, string State, DateTimeOffset? Since, int Pods, ulong Balance, ulong SpendingPerHour,
    DateTimeOffset? RunsDryAt, DateTimeOffset? LastVisit, string? Owner, string? Blocked, ulong PricePerRequest, ulong? MaxSpendPerHour,
    string? LastFailure, DateTimeOffset? LastFailureAt)
{
    /// <summary>What of its balance gateways hold to spend in memory, all of them together, in units.</summary>
    public ulong Leased { get; init; }

    /// <summary>Requests that wait for it to wake, at all gateways.</summary>
    public int WaitingVisits { get; init; }

    /// <summary>What bounds it.</summary>
    public required AppLimits Limits { get; init; }
}

/// <summary>A part of the apps, and the cursor of what follows.</summary>
internal sealed record AppPage(IReadOnlyList<AppRow> Rows, string? Next);
