namespace Codius.Web.Balances;

/// <summary>One step in the life of a lease: settle what was used, request more, return the rest.</summary>
/// <param name="Account">The account that is leased from.</param>
/// <param name="LeaseId">The time until which the lease may begin, and a random part; one per gateway and account.</param>
/// <param name="Sequence">Incremented with each request of the lease, so that a repeat changes nothing.</param>
/// <param name="Used">Units used since the lease began, cumulative; never beyond the grant.</param>
/// <param name="Wanted">Units to be granted in addition; 0 to settle only.</param>
/// <param name="Least">Units below which a grant is of no use: the price of one request.</param>
/// <param name="Kept">Units of open reservations, kept when <paramref name="Return"/> returns the rest.</param>
/// <param name="Return">True to return all that is neither used nor kept.</param>
/// <param name="Lifetime">
/// How long the lease lives from now on, by the store's clock; null for the usual time. A deploy waits a minute for its cluster.
/// </param>
/// <param name="Forwarded">The units of <paramref name="Kept"/> whose requests apps have: they cannot be recalled.</param>
/// <param name="CapPerHour">The owner's cap on what requests may cost an hour, over all gateways; null for none.</param>
/// <param name="MostLeases">With so many leases already, the account gives no new one: it is recalled; null for no such bound.</param>
/// <param name="Ahead">
/// Units to be granted beyond <paramref name="Wanted"/>, for visits to come: fewer, or none, where that would hold too much of a small
/// balance.
/// </param>
/// <param name="Free">The units of <paramref name="Kept"/> that no visit has reserved.</param>
/// <param name="FreeErrors">The app's errors since the last answered request that cost nothing.</param>
/// <param name="IsDeploy">True if what is used is the price of a deploy: the books have it apart from that of visits.</param>
internal sealed record LeaseRequest(
    AccountId Account,
    string LeaseId,
    long Sequence,
    ulong Used,
    ulong Wanted,
    ulong Least,
    ulong Kept = 0,
    bool Return = false,
    TimeSpan? Lifetime = null,
    ulong Forwarded = 0,
    ulong? CapPerHour = null,
    int? MostLeases = null,
    ulong Ahead = 0,
    ulong Free = 0,
    int FreeErrors = 0,
    bool IsDeploy = false);

/// <summary>The possible outcomes of a lease request.</summary>
internal enum LeaseOutcome
{
    /// <summary>Granted (or settled, if nothing was wanted).</summary>
    Granted,

    /// <summary>
    /// Out of funds: the balance and what leases could return do not reach the price together. The only cause of a 402.
    /// </summary>
    NotEnough,

    /// <summary>
    /// The account has the funds, but other gateways lease them and were asked to return them, or it has as many leases as it may. Try
    /// again shortly.
    /// </summary>
    Recalled,

    /// <summary>The owner's cap leaves no room for the price in this hour.</summary>
    Capped,

    /// <summary>
    /// The lease was swept after its expiry, or it was too late for it to begin; the slice is lost and a new lease id is needed.
    /// </summary>
    Swept,

    /// <summary>The store is unavailable or its answer was lost; repeat with the same sequence.</summary>
    Unavailable,
}

/// <summary>The result of a lease request.</summary>
/// <param name="Outcome">The outcome.</param>
/// <param name="Granted">The lease's granted total, cumulative.</param>
/// <param name="Funds">The account's funds afterwards.</param>
/// <param name="GiveBack">True while another gateway waits for this money: return what is unreserved, lease nothing.</param>
/// <param name="RetryAfter">With <see cref="LeaseOutcome.Capped"/>: seconds until there is room.</param>
/// <param name="ErrorsUsed">The app's free errors in this minute, of all gateways.</param>
/// <param name="MinuteEndsIn">Milliseconds until that minute ends, which began with the first of them; 0 without any.</param>
/// <param name="ErrorsCounted">False if the request's errors are to be reported again, by another lease.</param>
/// <param name="StoreTime">The time of which the ids of this account's new leases are made, in milliseconds.</param>
/// <param name="Now">The store's time, in milliseconds: the same, unless leases of the account are forgotten until later.</param>
internal readonly record struct LeaseResult(
    LeaseOutcome Outcome, ulong Granted = 0, ulong Funds = 0, bool GiveBack = false, int RetryAfter = 0, int ErrorsUsed = 0,
    int MinuteEndsIn = 0, bool ErrorsCounted = true, long StoreTime = 0, long Now = 0);
