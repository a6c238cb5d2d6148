namespace OpenPayments.Net.Grants;

/// <summary>Remembers which grants and which of their tokens ended before their time; all that grants ever store.</summary>
public interface ICancelledGrants
{
    /// <summary>True if any of the ids (a grant's, a token's) was cancelled.</summary>
    /// <exception cref="OpenPaymentsUnavailableException">The store is unavailable.</exception>
    ValueTask<bool> IsCancelledAsync(string grantId, string tokenId, CancellationToken cancellation);

    /// <summary>Cancels a grant or a token; kept until <paramref name="until"/>, when it would be worthless anyway.</summary>
    /// <returns>False if it was cancelled before: of two simultaneous rotations of one token only one succeeds.</returns>
    /// <exception cref="OpenPaymentsUnavailableException">The store is unavailable.</exception>
    ValueTask<bool> CancelAsync(string id, DateTimeOffset until, CancellationToken cancellation);
}
