namespace Codius.Web.Balances.CreditBatches;

/// <summary>
/// The credits of one account: while a script with some of them is under way, the others wait, and go out together in the order of their
/// arrival.
/// </summary>
/// <param name="account">The account.</param>
/// <param name="ready">Called when credits wait and none is under way; <see cref="TakeNext"/> and <see cref="End"/> follow.</param>
/// <param name="ended">Called when nothing waits any more, before the queue takes no more credits.</param>
internal sealed class CreditQueue(AccountId account, Action<CreditQueue> ready, Action<CreditQueue> ended)
{
    private readonly Lock _gate = new();
    private readonly Queue<CreditRequest> _waiting = new();
    private bool _running;
    private bool _ended;

    public AccountId Account => account;

    /// <summary>Adds a credit, which goes out with the next turn if no script is under way; false if the queue has ended.</summary>
    public bool TryAdd(CreditRequest request)
    {
        lock (_gate)
        {
            if (_ended) return false;
            _waiting.Enqueue(request);
            if (_running) return true;
            _running = true;
        }
        ready(this);
        return true;
    }

    /// <summary>Takes the credits that go out now, in their order.</summary>
    /// <param name="most">How many at most.</param>
    public List<CreditRequest> TakeNext(int most)
    {
        lock (_gate)
        {
            var batch = new List<CreditRequest>(Math.Min(most, _waiting.Count));
            while (batch.Count < most && _waiting.TryDequeue(out var request)) batch.Add(request);
            return batch;
        }
    }

    /// <summary>What was under way has ended.</summary>
    /// <param name="answered">
    /// False if the store did not answer: those that wait were not sent, and are told so. One after the other they would wait for a
    /// time-out each, beyond their deadlines; now each caller decides whether to try again.
    /// </param>
    public void End(bool answered)
    {
        if (!answered)
        {
            foreach (var request in TakeNext(int.MaxValue)) request.Complete(null);
        }
        lock (_gate)
        {
            if (_waiting.Count == 0)
            {
                _ended = true;
                ended(this);
                return;
            }
        }
        ready(this);
    }
}
