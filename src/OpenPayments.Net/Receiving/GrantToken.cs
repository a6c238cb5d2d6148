using System.Text.Json;
using OpenPayments.Net.Paying;

namespace OpenPayments.Net.Receiving;

/// <summary>An access token of a grant at a host's wallet.</summary>
/// <param name="text">What goes behind <c>Authorization: GNAP</c>.</param>
/// <param name="manage">Where it is rotated; null if the wallet names no such place.</param>
/// <param name="lifetime">How long it is good for; null if the wallet does not say.</param>
/// <param name="requestedAt">A timestamp of before it was requested.</param>
internal sealed class GrantToken(string text, Uri? manage, TimeSpan? lifetime, long requestedAt)
{
    public string Text => text;

    public Uri? Manage => manage;

    /// <summary>True in the last quarter of its life: a token that ends between two calls costs a call that is refused.</summary>
    public bool IsOld(TimeProvider time) => lifetime is { } life && time.GetElapsedTime(requestedAt) >= life * 0.75;

    /// <summary>The token of a grant's answer; null if there is none.</summary>
    public static GrantToken? Read(JsonElement json, long requestedAt)
    {
        if (Json.Member(json, "access_token") is not { } token || Json.Token(token) is not { } text) return null;
        TimeSpan? lifetime =
            Json.Member(token, "expires_in") is { ValueKind: JsonValueKind.Number } seconds && seconds.TryGetInt32(out var life) && life > 0
                ? TimeSpan.FromSeconds(life)
                : null;
        return new GrantToken(text, Json.Url(token, "manage"), lifetime, requestedAt);
    }
}
