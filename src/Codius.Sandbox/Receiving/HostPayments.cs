using System.Net;
using OpenPayments.Net.IncomingPayments;

namespace Codius.Sandbox.Receiving;

/// <summary>
/// What arrived on the incoming payments of the host's wallet. It survives a restart: a client that counts by totals, as the gateway
/// does, would otherwise see a total that begins anew.
/// </summary>
internal sealed class HostPayments : IIncomingPayments
{
    /// <summary>How many are kept; of more, one that takes no more money is forgotten, or else the one that was kept first.</summary>
    public const int Capacity = 500;

    private readonly Lock _lock = new();
    private readonly OrderedDictionary<Guid, IncomingPayment> _payments = [];
    private readonly TimeProvider _time;

    public HostPayments(IEnumerable<IncomingPayment> kept, TimeProvider time)
    {
        _time = time;
        foreach (var payment in kept) _payments[payment.Id] = payment;
    }

    public event Action? Changed;

    /// <summary>In the order in which they were first paid or completed.</summary>
    public IReadOnlyList<IncomingPayment> All
    {
        get
        {
            lock (_lock) return [.. _payments.Values];
        }
    }

    /// <summary>Adds units that arrived; completes the payment once it is full.</summary>
    /// <param name="made">The payment as it was made; null if the address that was paid names none.</param>
    /// <param name="units">What arrived.</param>
    /// <param name="room">What still fits, if they do not; 0 if the payment is closed.</param>
    public bool TryCredit(IncomingPayment? made, ulong units, out ulong room)
    {
        room = 0;
        if (made is null) return false;
        lock (_lock)
        {
            var payment = Kept(made);
            if (payment.Completed || payment.ExpiresAt <= _time.GetUtcNow()) return false;
            var most = payment.IncomingAmount ?? ulong.MaxValue;
            room = most - payment.ReceivedAmount;
            if (units > room) return false;
            var received = payment.ReceivedAmount + units;
            Keep(payment with { ReceivedAmount = received, Completed = received == most });
        }
        Changed?.Invoke();
        return true;
    }

    public ValueTask<IncomingPayment> ReadAsync(IncomingPayment made, CancellationToken cancellation)
    {
        lock (_lock) return ValueTask.FromResult(Kept(made));
    }

    public ValueTask<IncomingPayment> CompleteAsync(IncomingPayment made, IPAddress? from, CancellationToken cancellation)
    {
        IncomingPayment completed;
        lock (_lock) completed = Keep(Kept(made) with { Completed = true });
        Changed?.Invoke();
        return ValueTask.FromResult(completed);
    }

    public ValueTask<IncomingPaymentPage?> ListAsync(string account, string clientId, PageRequest page, CancellationToken cancellation)
    {
        IncomingPayment[] paid =
        [
            .. All.Where(payment => payment.Account == account && payment.ClientId == clientId && payment.ReceivedAmount > 0)
                .OrderBy(payment => payment.CreatedAt),
        ];
        var at = Array.FindIndex(paid, payment => payment.Id == page.Cursor);
        if (page.Cursor is not null && at < 0) return ValueTask.FromResult<IncomingPaymentPage?>(null);
        var start = page.Back ? Math.Max(0, at - page.Count) : at + 1;
        var end = page.Back ? at : Math.Min(paid.Length, start + page.Count);
        return ValueTask.FromResult<IncomingPaymentPage?>(new IncomingPaymentPage(paid[start..end], end < paid.Length, start > 0));
    }

    private IncomingPayment Kept(IncomingPayment made) => _payments.GetValueOrDefault(made.Id, made);

    private IncomingPayment Keep(IncomingPayment payment)
    {
        _payments[payment.Id] = payment;
        if (_payments.Count > Capacity) Forget(payment.Id);
        return payment;
    }

    private void Forget(Guid newest)
    {
        // Of a payment that is still paid, the total would begin anew.
        var now = _time.GetUtcNow();
        var ended = _payments.Values.FirstOrDefault(kept => kept.Id != newest && (kept.Completed || kept.ExpiresAt <= now));
        _payments.Remove((ended ?? _payments.GetAt(0).Value).Id);
    }
}
