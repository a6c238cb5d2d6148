using Codius.Web.Apps.Manifests;

namespace Codius.Web.Apps;

/// <summary>The names of annotations and labels on apps: those of 2020 that clients know, and those the gateway adds.</summary>
internal static class AppAnnotations
{
    private const string ServicePrefix = "svc-";

    /// <summary>The manifest's hash.</summary>
    public const string Hash = "codius.org/hash";

    /// <summary>Where the app is visited.</summary>
    public const string Hostname = "codius.org/hostname";

    /// <summary>Label: the core Service of the app's hash.</summary>
    public const string Service = "codius.org/service";

    /// <summary>Label: the app may never change, its name is its hash.</summary>
    public const string Immutable = "codius.org/immutable";

    /// <summary>The account of the deploy token that owns the name; written by the gateway alone.</summary>
    public const string Owner = "codius.org/owner";

    /// <summary>The gateway's signature of <see cref="Owner"/>.</summary>
    public const string OwnerSeal = "codius.org/owner-seal";

    /// <summary>The owner's cap on what requests may cost in an hour, as decimal text of the host's asset.</summary>
    public const string MaxSpendPerHour = "codius.org/max-spend-per-hour";

    /// <summary>How many requests a second one client may make of the app, in the long run.</summary>
    public const string RequestsPerSecond = "codius.org/requests-per-second";

    /// <summary>How many requests one client may make of the app at once, after a rest.</summary>
    public const string RequestBurst = "codius.org/request-burst";

    /// <summary>Requests that do not wake the app, beside the host's own.</summary>
    public const string DoNotWake = "codius.org/do-not-wake";

    /// <summary>What the host's pages call the app instead of its name.</summary>
    public const string Title = "codius.org/title";

    /// <summary>A sentence about the app, for the host's pages.</summary>
    public const string Description = "codius.org/description";

    /// <summary>A small picture of the app, for the host's pages.</summary>
    public const string Icon = "codius.org/icon";

    /// <summary>Where the app's developer is sent alerts: an https URL.</summary>
    public const string AlertWebhook = "codius.org/alert-webhook";

    /// <summary>The balance below which an alert is sent, in whole units.</summary>
    public const string AlertBalanceBelow = "codius.org/alert-balance-below";

    /// <summary>An alert is sent when the balance lasts for less than so many hours.</summary>
    public const string AlertHoursLeft = "codius.org/alert-hours-left";

    /// <summary>kubectl's copy of the resource as it was applied last.</summary>
    public const string LastApplied = "kubectl.kubernetes.io/last-applied-configuration";

    /// <summary>The annotations that an app's owner sets.</summary>
    public static IReadOnlyList<string> SetByOwner { get; } =
        [
            MaxSpendPerHour, RequestsPerSecond, RequestBurst, DoNotWake, Title, Description, Icon, AlertWebhook, AlertBalanceBelow,
            AlertHoursLeft,
        ];

    /// <summary>The name of the core Service of a hash.</summary>
    public static string ServiceOf(string hash) => ServicePrefix + hash;

    /// <summary>The hash in such a name; null if the name has another form.</summary>
    public static string? HashOf(string service) =>
        service.StartsWith(ServicePrefix, StringComparison.Ordinal) && service[ServicePrefix.Length..] is var hash
            && ManifestHash.LooksLikeHash(hash)
            ? hash : null;
}
