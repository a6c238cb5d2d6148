using System.Text.Json;

namespace OpenPayments.Net.Paying;

/// <summary>What came back of one request to a wallet.</summary>
/// <param name="Json">The document; the error's if the fault is <see cref="WalletFault.Refused"/>.</param>
/// <param name="Fault">Why there is no document.</param>
internal readonly record struct WalletResponse(JsonElement Json, WalletFault Fault)
{
    /// <summary>The HTTP status; null without a response.</summary>
    public int? Status { get; init; }

    /// <summary>How long the wallet wants to be left alone.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Where it redirects to; null for nowhere.</summary>
    public Uri? RedirectsTo { get; init; }
}
