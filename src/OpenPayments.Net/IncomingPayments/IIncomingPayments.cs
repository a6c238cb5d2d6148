using System.Net;

namespace OpenPayments.Net.IncomingPayments;

/// <summary>
/// Stores what arrived on incoming payments. One that is not paid is in its URL alone, and its ILP address has its terms
/// (<see cref="IncomingPayment.ToTerms"/>): a store makes its record with the first money, so that asking for payments fills no store.
/// </summary>
public interface IIncomingPayments
{
    /// <summary>The payment as it stands.</summary>
    /// <param name="made">The payment as it was made.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns><paramref name="made"/> while nothing arrived and it is not completed.</returns>
    /// <exception cref="OpenPaymentsUnavailableException">The store is unavailable.</exception>
    ValueTask<IncomingPayment> ReadAsync(IncomingPayment made, CancellationToken cancellation);

    /// <summary>Completes the payment, so that it accepts no more money. Idempotent.</summary>
    /// <param name="made">The payment as it was made.</param>
    /// <param name="from">The client's IP address: who completes unpaid ones stores something for nothing, which a store must bound for
    /// each client, and keys cost nothing. Null if not known.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The completed payment.</returns>
    /// <exception cref="OpenPaymentsUnavailableException">The store is unavailable.</exception>
    ValueTask<IncomingPayment> CompleteAsync(IncomingPayment made, IPAddress? from, CancellationToken cancellation);

    /// <summary>A page of an account's payments that one client made and that were paid, oldest first.</summary>
    /// <returns>Null if the page's cursor is not among them.</returns>
    /// <exception cref="OpenPaymentsUnavailableException">The store is unavailable.</exception>
    ValueTask<IncomingPaymentPage?> ListAsync(string account, string clientId, PageRequest page, CancellationToken cancellation);
}
