using Codius.Web.Apps.Steering;
using Codius.Web.Balances;

namespace Codius.Web.Apps;

/// <summary>One name (or one hash) under the host's domain, and the version that runs behind it; immutable.</summary>
/// <param name="Name">The label under the host's domain, which is also the account's id.</param>
/// <param name="Hash">Content hash of the manifest, 52 characters: the version that runs.</param>
/// <param name="Image">The image the manifest names.</param>
/// <param name="Owner">The account of the deploy token that owns the name; null for an app the host itself deployed.</param>
/// <param name="MaxSpendPerHour">The owner's cap on requests' cost per hour, in units; null for none.</param>
internal sealed record HostedApp(string Name, string Hash, string Image, AccountId? Owner = null, ulong? MaxSpendPerHour = null)
{
    /// <summary>What its owner set about its visits.</summary>
    public VisitSettings Visits { get; init; } = VisitSettings.None;

    /// <summary>How the host's pages present it; null: by its name alone.</summary>
    public AppPresentation? Presentation { get; init; }

    /// <summary>Where and when its developer wants to be alerted; null: never.</summary>
    public AppAlertSettings? Alerts { get; init; }

    /// <summary>What the host's owner set for it; null: nothing.</summary>
    public AppSteering? Steering { get; init; }

    /// <summary>
    /// With which apps it counts for <c>Apps:MaxAwakePerOwner</c>: its owner's; an app that is named by its hash, and has no owner,
    /// with such apps of one of those who deployed it, so that strangers who visit them leave the owner's names alone. Null for the host's
    /// own.
    /// </summary>
    public string? CountsWith { get; init; } = Owner?.ToString();

    public AccountId Account { get; } = AccountId.OfApp(Name);

    /// <summary>
    /// The most that requests may cost in an hour, in units: the stricter cap of its own owner and of the host's; null for none.
    /// </summary>
    public ulong? CapPerHour => Steering?.MaxSpendPerHour is { } hosts && !(MaxSpendPerHour <= hosts) ? hosts : MaxSpendPerHour;

    /// <summary>What visitors read of an app that the host's owner blocked; null: it is not blocked.</summary>
    public string? BlockedWords => Steering?.BlockedWords;

    /// <summary>A version as an app of its own: open to all, with its own balance.</summary>
    public static HostedApp OfHash(string hash, string image, AccountId? deployedBy) => new(hash, hash, image)
    {
        CountsWith = deployedBy is { } owner ? $"{owner}:hashes" : null,
    };
}
