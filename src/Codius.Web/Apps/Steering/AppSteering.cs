namespace Codius.Web.Apps.Steering;

/// <summary>What the host's owner set for one app, by its name: the app's own developer cannot change it.</summary>
/// <param name="PricePerRequest">What a request costs, in units, instead of the host's price; null: that.</param>
/// <param name="MaxSpendPerHour">
/// The most that requests may cost in an hour, in units; the stricter of this and the developer's own holds. Null: no cap.
/// </param>
/// <param name="BlockedWords">What visitors read who want to visit it; null: it is not blocked.</param>
/// <param name="Version">Rises with each change: two admins who change the same are told apart by it. 0: nothing was ever set.</param>
internal sealed record AppSteering(ulong? PricePerRequest, ulong? MaxSpendPerHour, string? BlockedWords, long Version)
{
    public static AppSteering None { get; } = new(null, null, null, 0);

    /// <summary>
    /// What holds if what was set cannot be read, and is not known from before: the app may be one that its host has blocked.
    /// </summary>
    public static AppSteering Unreadable { get; } =
        new(null, null, "What the owner of this host has set for the app cannot be read. It is blocked until the owner unblocks it.", 0)
        {
            IsUnreadable = true,
        };

    /// <summary>True if it is no block of the owner's, but stands for what cannot be read.</summary>
    public bool IsUnreadable { get; init; }

    /// <summary>Rises with each request to put it to sleep.</summary>
    public long SleepRequest { get; init; }

    public bool IsBlocked => BlockedWords is not null;

    /// <summary>True if it says nothing.</summary>
    public bool IsEmpty => PricePerRequest is null && MaxSpendPerHour is null && BlockedWords is null;
}
