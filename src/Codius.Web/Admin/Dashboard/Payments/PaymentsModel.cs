using Codius.Web.Admin.Dashboard.Apps;
using Codius.Web.Admin.Dashboard.Live;

namespace Codius.Web.Admin.Dashboard.Payments;

/// <summary>The page of payments.</summary>
/// <param name="Account">Whose; empty for all.</param>
/// <param name="Shown">What the payer can show; empty for any payment.</param>
/// <param name="Now">The time.</param>
public sealed record PaymentsModel(string Account, string Shown, DateTimeOffset Now)
{
    /// <summary>The newest that this gateway saw, if no account was named.</summary>
    public IReadOnlyList<Happening>? Newest { get; init; }

    /// <summary>Those of the account; null if none was named, or there is no such account.</summary>
    public StatementModel? Found { get; init; }

    /// <summary>What is known besides, in sentences: a packet by its condition, a receipt by its nonce.</summary>
    public IReadOnlyList<string> Known { get; init; } = [];

    /// <summary>What is wrong with the account's name; null for nothing.</summary>
    public string? Error { get; init; }
}
