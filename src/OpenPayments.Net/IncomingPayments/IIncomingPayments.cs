using System.Net;

namespace OpenPayments.Net.IncomingPayments;

/// <summary>Keeps incoming payments; the money on them is counted by whoever counts the packets.</summary>
public interface IIncomingPayments
{
    /// <summary>Keeps a new payment until it expires, unless too many are open.</summary>
    /// <param name="payment">The payment.</param>
    /// <param name="from">The address it was asked from: keys and wallet addresses cost nothing, so only this can be held to a number. Null if not known.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="OpenPaymentsUnavailableException">The store could not be asked.</exception>
    ValueTask<CreationOutcome> CreateAsync(IncomingPayment payment, IPAddress? from, CancellationToken cancellation);

    /// <summary>The payment as it stands; null if it was never made or is forgotten.</summary>
    /// <exception cref="OpenPaymentsUnavailableException">The store could not be asked.</exception>
    ValueTask<IncomingPayment?> FindAsync(string account, Guid id, CancellationToken cancellation);

    /// <summary>Takes no more money on it, and returns it; null if there is none. A repeat changes nothing.</summary>
    /// <exception cref="OpenPaymentsUnavailableException">The store could not be asked.</exception>
    ValueTask<IncomingPayment?> CompleteAsync(string account, Guid id, CancellationToken cancellation);

    /// <summary>An account's payments that a client made, oldest first.</summary>
    /// <exception cref="OpenPaymentsUnavailableException">The store could not be asked.</exception>
    ValueTask<IReadOnlyList<IncomingPayment>> ListAsync(string account, string clientId, CancellationToken cancellation);
}
