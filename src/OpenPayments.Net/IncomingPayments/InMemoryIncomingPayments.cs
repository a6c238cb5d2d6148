using System.Net;

namespace OpenPayments.Net.IncomingPayments;

/// <summary>
/// Keeps paid incoming payments in this process's memory: for tests, samples, and programs that may forget them when they stop.
/// </summary>
/// <param name="time">The clock that payments expire by.</param>
/// <param name="mostKept">How many are kept; of more, the one that was kept first is forgotten.</param>
public sealed class InMemoryIncomingPayments(TimeProvider time, int mostKept = 10_000) : IIncomingPayments
{
    private readonly Lock _lock = new();
    private readonly OrderedDictionary<Guid, IncomingPayment> _payments = [];

    /// <summary>Adds units that arrived; completes the payment once it is full.</summary>
    /// <param name="made">The payment as it was made; null if the address that was paid names none.</param>
    /// <param name="units">What arrived.</param>
    /// <returns>False if they must not be accepted: there is no such payment, it has ended, or they would exceed its amount.</returns>
    public bool TryCredit(IncomingPayment? made, ulong units)
    {
        if (made is null) return false;
        lock (_lock)
        {
            var payment = Stored(made);
            if (payment.Completed || payment.ExpiresAt <= time.GetUtcNow()) return false;
            var most = payment.IncomingAmount ?? ulong.MaxValue;
            if (units > most - payment.ReceivedAmount) return false;
            var received = payment.ReceivedAmount + units;
            Store(payment with { ReceivedAmount = received, Completed = received == most });
            return true;
        }
    }

    /// <inheritdoc/>
    public ValueTask<IncomingPayment> ReadAsync(IncomingPayment made, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(made);
        lock (_lock) return ValueTask.FromResult(Stored(made));
    }

    /// <inheritdoc/>
    public ValueTask<IncomingPayment> CompleteAsync(IncomingPayment made, IPAddress? from, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(made);
        lock (_lock) return ValueTask.FromResult(Store(Stored(made) with { Completed = true }));
    }

    /// <inheritdoc/>
    public ValueTask<IncomingPaymentPage?> ListAsync(string account, string clientId, PageRequest page, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(page);
        IncomingPayment[] all;
        lock (_lock)
        {
            all =
            [
                .. _payments.Values
                    .Where(payment => payment.Account == account && payment.ClientId == clientId && payment.ReceivedAmount > 0)
                    .OrderBy(payment => payment.CreatedAt),
            ];
        }
        var at = Array.FindIndex(all, payment => payment.Id == page.Cursor);
        if (page.Cursor is not null && at < 0) return ValueTask.FromResult<IncomingPaymentPage?>(null);
        var start = page.Back ? Math.Max(0, at - page.Count) : at + 1;
        var end = page.Back ? at : Math.Min(all.Length, start + page.Count);
        return ValueTask.FromResult<IncomingPaymentPage?>(new IncomingPaymentPage(all[start..end], end < all.Length, start > 0));
    }

    private IncomingPayment Stored(IncomingPayment made) =>
        _payments.TryGetValue(made.Id, out var stored) && stored.Account == made.Account ? stored : made;

    private IncomingPayment Store(IncomingPayment payment)
    {
        _payments[payment.Id] = payment;
        if (_payments.Count > mostKept) _payments.RemoveAt(0);
        return payment;
    }
}
