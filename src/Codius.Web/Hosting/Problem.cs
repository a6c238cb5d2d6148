using Microsoft.AspNetCore.Mvc;

namespace Codius.Web.Hosting;

/// <summary>An error in the form of RFC 9457: what went wrong, and what to do next.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Code">Stable code for programs; the end of the <c>type</c> URI.</param>
/// <param name="Title">The kind of problem in a few words, the same for each occurrence.</param>
/// <param name="Detail">This occurrence, and what to do about it.</param>
internal sealed record Problem(int Status, string Code, string Title, string Detail)
{
    public static Problem NoSuchApp { get; } = new(404, "no-such-app", "There is no such app here",
        "Nothing is deployed under this name. Check the address, or deploy an app with PUT /services/{name} on the host.");

    public static Problem NothingHere { get; } = new(404, "nothing-here", "There is nothing at this address",
        "The host answers no such path. Check the address; the host's own page is at /.");

    /// <summary>The same wherever an app is visited, paid or followed.</summary>
    /// <param name="words">The owner's words, as plain text.</param>
    public static Problem AppBlocked(string words) => new(403, "app-blocked", "The host does not serve this app now",
        $"{words} The app cannot be visited or paid until the host's owner unblocks it; its money is kept.");

    /// <summary>Seconds after which a retry makes sense.</summary>
    public int? RetryAfter { get; init; }

    /// <summary>Additional members of the JSON body; amounts as decimal strings.</summary>
    public IReadOnlyDictionary<string, object?>? Extensions { get; init; }

    /// <summary>The host's own failure, with one title everywhere; its effect on the request is in the detail.</summary>
    public static Problem LedgerUnavailable(int retryAfter, string detail) =>
        new(503, "ledger-unavailable", "The host's balances cannot be reached", detail) { RetryAfter = retryAfter };

    /// <summary>The problem in the framework's form: a new object each time, since writers may change it.</summary>
    public ProblemDetails ToDetails() => new()
    {
        Type = "urn:codius:problem:" + Code,
        Title = Title,
        Status = Status,
        Detail = Detail,
        Extensions = Extensions is null ? [] : new Dictionary<string, object?>(Extensions),
    };
}
