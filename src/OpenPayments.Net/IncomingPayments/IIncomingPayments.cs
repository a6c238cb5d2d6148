using System.Net;

namespace OpenPayments.Net.IncomingPayments;

/// <summary>Keeps incoming payments; their money is credited where packets are received.</summary>
public interface IIncomingPayments
{
    /// <summary>Keeps a new payment until it expires, unless too many are open.</summary>
    /// <param name="payment">The payment.</param>
    /// <param name="from">The client's IP address: keys and wallet addresses cost nothing, so limits can only count by this. Null if
    /// not known.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="OpenPaymentsUnavailableException">The store is unavailable.</exception>
    ValueTask<CreationOutcome> CreateAsync(IncomingPayment payment, IPAddress? from, CancellationToken cancellation);

    /// <summary>The payment as it stands; null if it was never made or is forgotten.</summary>
    /// <exception cref="OpenPaymentsUnavailableException">The store is unavailable.</exception>
    ValueTask<IncomingPayment?> FindAsync(string account, Guid id, CancellationToken cancellation);

    /// <summary>Completes the payment, so that it accepts no more money, and returns it; null if there is none. Idempotent.</summary>
    /// <exception cref="OpenPaymentsUnavailableException">The store is unavailable.</exception>
    ValueTask<IncomingPayment?> CompleteAsync(string account, Guid id, CancellationToken cancellation);

    /// <summary>An account's payments that a client made, oldest first.</summary>
    /// <exception cref="OpenPaymentsUnavailableException">The store is unavailable.</exception>
    ValueTask<IReadOnlyList<IncomingPayment>> ListAsync(string account, string clientId, CancellationToken cancellation);
}
