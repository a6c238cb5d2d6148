using System.Net;

namespace OpenPayments.Net.Grants;

/// <summary>Remembers which grants and which of their tokens ended before their time; all that grants ever store.</summary>
public interface ICancelledGrants
{
    /// <summary>True if any of the ids (a grant's, a token's) was cancelled.</summary>
    /// <exception cref="OpenPaymentsUnavailableException">The store is unavailable.</exception>
    ValueTask<bool> IsCancelledAsync(string grantId, string tokenId, CancellationToken cancellation);

    /// <summary>Cancels a grant or a token; kept until <paramref name="until"/>, when it would be worthless anyway.</summary>
    /// <param name="id">A grant's or a token's.</param>
    /// <param name="until">When it ends anyway.</param>
    /// <param name="from">The client's IP address: grants cost nothing, so a store is bounded by forgetting what the client with the most
    /// ended first. A forgotten grant can be used again, by the holder of its key alone. Null if not known.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>False if it was cancelled before: of two simultaneous rotations of one token only one succeeds.</returns>
    /// <exception cref="OpenPaymentsUnavailableException">The store is unavailable.</exception>
    ValueTask<bool> CancelAsync(string id, DateTimeOffset until, IPAddress? from, CancellationToken cancellation);
}
