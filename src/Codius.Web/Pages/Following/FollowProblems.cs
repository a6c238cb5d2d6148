using Codius.Web.Hosting;

namespace Codius.Web.Pages.Following;

/// <summary>The problems of requests for a balance or an event stream.</summary>
internal static class FollowProblems
{
    public static Problem NoAccount { get; } = new(400, "no-account", "Which account?",
        "Name the account as ?account=ID: 1 to 63 of a-z, 0-9 and -.");

    public static Problem NoSuchAccount { get; } = new(404, "no-such-account", "No such account",
        "Accounts are an app's, by its name, and a deploy token's. No such app is deployed here.");

    public static Problem LedgerAway { get; } = Problem.LedgerUnavailable(2,
        "The host's store of balances does not answer. Nothing is lost; try again in a few seconds.");

    public static Problem TooManyOfClient { get; } = new(429, "too-many-streams", "Too many open event streams",
        "This address, or its network, has as many event streams open as one may have. Close some, or ask "
        + "/.well-known/codius/balance instead.")
    {
        RetryAfter = 10,
    };

    public static Problem Full { get; } = new(503, "streams-full", "All event streams are taken",
        "The host has as many event streams open as it may have. Ask /.well-known/codius/balance instead.")
    {
        RetryAfter = 10,
    };
}
