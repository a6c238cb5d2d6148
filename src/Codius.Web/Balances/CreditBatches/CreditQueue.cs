using Codius.Web.Hosting.Supervision;

namespace Codius.Web.Balances.CreditBatches;

/// <summary>
/// The credits of one account: while a script of it is under way, the others wait, and go out together in the order of their arrival.
/// </summary>
/// <param name="most">How many go out together at most: so long a script of one account keeps the store from all others.</param>
/// <param name="run">Runs one script and completes its credits; false if the store did not answer.</param>
/// <param name="turn">Returns when a script may be sent; more credits may come until then.</param>
/// <param name="ended">Called when nothing waits any more, before the queue takes no more credits.</param>
/// <param name="work">Supervises the loop that sends them.</param>
internal sealed class CreditQueue(
    int most, Func<IReadOnlyList<CreditRequest>, Task<bool>> run, Func<Task> turn, Action<CreditQueue> ended, SupervisedWork work)
{
    private readonly Lock _gate = new();
    private readonly Queue<CreditRequest> _waiting = new();
    private bool _running;
    private bool _ended;

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
        _ = work.TryAsync(RunAsync);
        return true;
    }

    private async Task RunAsync()
    {
        while (IsWaitedFor())
        {
            await turn();
            var batch = TakeNext();
            var answered = false;
            try
            {
                answered = await run(batch);
            }
            catch (Exception fault)
            {
                foreach (var request in batch) request.Fail(fault);
            }
            // Those that wait were not sent. One after the other they would wait for a time-out each, beyond their deadlines; now each
            // caller decides whether to try again.
            if (!answered) Refuse();
        }
    }

    private bool IsWaitedFor()
    {
        lock (_gate)
        {
            if (_waiting.Count > 0) return true;
            _ended = true;
            ended(this);
            return false;
        }
    }

    private List<CreditRequest> TakeNext()
    {
        lock (_gate)
        {
            var batch = new List<CreditRequest>(Math.Min(most, _waiting.Count));
            while (batch.Count < most && _waiting.TryDequeue(out var request)) batch.Add(request);
            return batch;
        }
    }

    private void Refuse()
    {
        CreditRequest[] waiting;
        lock (_gate)
        {
            waiting = [.. _waiting];
            _waiting.Clear();
        }
        foreach (var request in waiting) request.Complete(null);
    }
}
