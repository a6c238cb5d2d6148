using System.Globalization;
using Codius.Web.Hosting;

namespace Codius.Web.Admin.Actions;

/// <summary>Why an action on an app was not done.</summary>
internal static class AppProblems
{
    public static Problem NoSuchApp { get; } = new(404, "no-such-app", "There is no such app here", "Nothing is deployed under this name.");

    public static Problem Changed { get; } = new(412, "changed-meanwhile", "Another admin has changed it meanwhile",
        "Nothing was changed. Read what is set now, and decide anew.");

    public static Problem StoreAway { get; } = new(503, "store-away", "The host's store does not answer",
        "It is not known whether this was done. Read what is set, and try again.")
    { RetryAfter = 5 };

    public static Problem FundsInUse { get; } = new(503, "funds-on-their-way", "The app's money is in use at this moment",
        "Gateways hold it for requests, and were asked to return it. Nothing was charged; try again.")
    { RetryAfter = 1 };

    public static Problem Unreadable { get; } = new(409, "settings-unreadable", "What was set for the app before cannot be read",
        "It is blocked meanwhile. Unblock it, or block it with words of your own; then set its price and its cap. Nothing was changed.");

    public static Problem Blocked { get; } = new(409, "app-blocked", "The app is blocked", "Unblock it first; then it can be woken.");

    public static Problem Bad(string part, string detail) => new(400, "bad-request", "This request cannot be done", detail)
    {
        Extensions = new Dictionary<string, object?> { ["parameter"] = part },
    };

    public static Problem FundsShort(ulong funds, ulong needed, Asset asset) => new(409, "funds-short", "The app's money is not enough",
        $"A minute awake and a request cost {asset.Format(needed)} {asset.Code}, and it has {asset.Format(funds)}. Nothing was charged.")
    {
        Extensions = new Dictionary<string, object?> { ["balance"] = Text(funds), ["needed"] = Text(needed) },
    };

    public static Problem StartRefused(string reason, DateTimeOffset? retryAt) => new(409, "start-refused", "The app is not started now",
        $"{reason} {(retryAt is { } at ? $"It can be tried again at {at:u}. " : "")}Nothing was charged.");

    private static string Text(ulong units) => units.ToString(CultureInfo.InvariantCulture);
}
