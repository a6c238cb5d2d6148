namespace OpenPayments.Net.Paying;

/// <summary>A grant that waits for its payer's consent at the wallet's own page.</summary>
/// <param name="Redirect">The wallet's page.</param>
/// <param name="FinishNonce">The wallet's half of the hash that comes back.</param>
/// <param name="ContinueUri">Where the grant is fetched afterwards.</param>
/// <param name="ContinueToken">The token for it.</param>
public sealed record PendingConsent(Uri Redirect, string FinishNonce, Uri ContinueUri, string ContinueToken)
{
    /// <summary>How long the client must wait before each request at <see cref="ContinueUri"/>; zero if the wallet named none.</summary>
    public TimeSpan Wait { get; init; }

    /// <summary>When that wait is over for the first request.</summary>
    public DateTimeOffset ContinueAt { get; init; }
}
