using System.Net;

namespace OpenPayments.Net.IncomingPayments;

/// <summary>
/// Keeps incoming payments in this process's memory: for tests, samples, and programs that may forget them when they stop.
/// </summary>
/// <param name="time">The clock that payments expire by.</param>
/// <param name="mostOpen">How many are kept at a time; more are refused until some have expired.</param>
public sealed class InMemoryIncomingPayments(TimeProvider time, int mostOpen = 10_000) : IIncomingPayments
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, IncomingPayment> _payments = [];

    /// <summary>Adds units that arrived; completes the payment once it is full.</summary>
    /// <returns>False if they must not be accepted: there is no such payment, it has ended, or they would exceed its amount.</returns>
    public bool TryCredit(Guid id, ulong units)
    {
        lock (_lock)
        {
            if (!_payments.TryGetValue(id, out var payment) || payment.Completed || payment.ExpiresAt <= time.GetUtcNow()) return false;
            var most = payment.IncomingAmount ?? ulong.MaxValue;
            if (units > most - payment.ReceivedAmount) return false;
            var received = payment.ReceivedAmount + units;
            _payments[id] = payment with { ReceivedAmount = received, Completed = received == most };
            return true;
        }
    }

    /// <inheritdoc/>
    public ValueTask<CreationOutcome> CreateAsync(IncomingPayment payment, IPAddress? from, CancellationToken cancellation)
    {
        lock (_lock)
        {
            if (_payments.Count >= mostOpen)
                foreach (var ended in _payments.Values.Where(kept => kept.ExpiresAt <= time.GetUtcNow()).ToArray())
                    _payments.Remove(ended.Id);
            if (_payments.Count >= mostOpen) return ValueTask.FromResult(CreationOutcome.TooManyOfAccount);
            _payments.Add(payment.Id, payment);
            return ValueTask.FromResult(CreationOutcome.Created);
        }
    }

    /// <inheritdoc/>
    public ValueTask<IncomingPayment?> FindAsync(string account, Guid id, CancellationToken cancellation)
    {
        lock (_lock) return ValueTask.FromResult(_payments.TryGetValue(id, out var payment) && payment.Account == account ? payment : null);
    }

    /// <inheritdoc/>
    public ValueTask<IncomingPayment?> CompleteAsync(string account, Guid id, CancellationToken cancellation)
    {
        lock (_lock)
        {
            if (!_payments.TryGetValue(id, out var payment) || payment.Account != account)
                return ValueTask.FromResult<IncomingPayment?>(null);
            return ValueTask.FromResult<IncomingPayment?>(_payments[id] = payment with { Completed = true });
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<IncomingPayment>> ListAsync(string account, string clientId, CancellationToken cancellation)
    {
        lock (_lock)
            return ValueTask.FromResult<IReadOnlyList<IncomingPayment>>(
            [
                .. _payments.Values.Where(payment => payment.Account == account && payment.ClientId == clientId)
                    .OrderBy(payment => payment.CreatedAt),
            ]);
    }
}
