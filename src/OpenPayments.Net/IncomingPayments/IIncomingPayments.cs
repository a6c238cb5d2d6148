using System.Net;

namespace OpenPayments.Net.IncomingPayments;

/// <summary>
/// Stores what arrived on incoming payments. One that is not paid is in its URL alone, and its ILP address has its terms
/// (<see cref="IncomingPayment.ToTerms"/>): a store makes its record with the first money, so that asking for payments fills no store.
/// </summary>
public interface IIncomingPayments
{
    /// <summary>
    /// A client makes a payment: called once its terms are known to be right, before the client gets it, such as to make what pays it
    /// somewhere else. A client that leaves cancels nothing, since what was made elsewhere must still be recorded. If this throws, the
    /// client has no payment, and what was made for it is never paid.
    /// </summary>
    /// <param name="wanted">The payment that the client gets, with its id.</param>
    /// <param name="from">The client's IP address; null if not known.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns><paramref name="wanted"/>, or the same with an earlier <see cref="IncomingPayment.ExpiresAt"/>, see
    /// <see cref="IncomingPayment.EndingBy"/>; no other change reaches the client.</returns>
    /// <exception cref="OpenPaymentsUnavailableException">It cannot be made now; the client gets 503 with <c>Retry-After</c>.</exception>
    ValueTask<IncomingPayment> CreateAsync(IncomingPayment wanted, IPAddress? from, CancellationToken cancellation) =>
        ValueTask.FromResult(wanted);

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
