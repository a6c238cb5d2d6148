namespace Codius.Sandbox.Paying;

/// <summary>The last payments, the newest first.</summary>
internal sealed class History
{
    private const int Capacity = 50;

    private readonly Lock _lock = new();
    private readonly List<Payment> _payments;

    // Payments that ran when the program ended run no more.
    public History(IEnumerable<Payment> payments) => _payments =
        [.. payments.Select(payment =>
            payment.State == PaymentState.Running ? payment with { State = PaymentState.Done, Trouble = "The program ended." } : payment)];

    public event Action? Changed;

    public IReadOnlyList<Payment> All
    {
        get
        {
            lock (_lock) return [.. _payments];
        }
    }

    public Payment? Find(string? id)
    {
        lock (_lock) return _payments.Find(payment => payment.Id == id);
    }

    /// <summary>Adds a payment, or replaces it by its newer form.</summary>
    public void Put(Payment payment)
    {
        lock (_lock)
        {
            var at = _payments.FindIndex(known => known.Id == payment.Id);
            if (at >= 0) _payments[at] = payment;
            else _payments.Insert(0, payment);
            if (_payments.Count > Capacity) _payments.RemoveAt(Capacity);
        }
        Changed?.Invoke();
    }
}
