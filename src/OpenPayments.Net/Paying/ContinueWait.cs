using System.Text.Json;

namespace OpenPayments.Net.Paying;

/// <summary>The wait that a wallet asks for before a grant is continued (RFC 9635, 3.1 and 5).</summary>
internal static class ContinueWait
{
    // A payer waits meanwhile, so a wallet cannot ask for more.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    // What the RFC recommends to a client that was not told how long.
    private static readonly TimeSpan Unstated = TimeSpan.FromSeconds(5);

    /// <summary>The <c>wait</c> of a response's <c>continue</c>; zero if there is none.</summary>
    public static TimeSpan Read(JsonElement next) =>
        Json.Member(next, "wait") is { ValueKind: JsonValueKind.Number } wait && wait.TryGetInt32(out var seconds) && seconds > 0
            ? TimeSpan.FromSeconds(seconds)
            : TimeSpan.Zero;

    /// <summary>True if an error response says that the wait was not over.</summary>
    public static bool IsTooFast(JsonElement response) => Json.Member(response, "error") is { } error
        && (error.ValueKind == JsonValueKind.String ? error.GetString() : Json.Text(error, "code")) == "too_fast";

    /// <summary>What is left of the wait; never more than all of it, whatever the clock did meanwhile.</summary>
    public static TimeSpan Left(PendingConsent consent, TimeProvider time)
    {
        var left = consent.ContinueAt - time.GetUtcNow();
        return left < consent.Wait ? left : consent.Wait;
    }

    public static TimeSpan AfterTooFast(PendingConsent consent) => consent.Wait > TimeSpan.Zero ? consent.Wait : Unstated;

    /// <summary>Waits, rounded up to whole milliseconds and bounded.</summary>
    public static Task PassAsync(TimeSpan wait, TimeProvider time, CancellationToken cancellation)
    {
        if (wait <= TimeSpan.Zero) return Task.CompletedTask;
        var bounded = wait < Longest ? wait : Longest;
        return Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling(bounded.TotalMilliseconds)), time, cancellation);
    }
}
