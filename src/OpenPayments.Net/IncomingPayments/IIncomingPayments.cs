namespace OpenPayments.Net.IncomingPayments;

/// <summary>Keeps incoming payments; the money on them is counted by whoever counts the packets.</summary>
public interface IIncomingPayments
{
    /// <summary>Keeps a new payment until it expires.</summary>
    /// <returns>False if the account has too many open ones.</returns>
    /// <exception cref="OpenPaymentsUnavailableException">The store could not be asked.</exception>
    ValueTask<bool> CreateAsync(IncomingPayment payment, CancellationToken cancellation);

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
