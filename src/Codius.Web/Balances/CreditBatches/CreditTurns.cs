namespace Codius.Web.Balances.CreditBatches;

/// <summary>
/// Lets the accounts whose credits become ready within a moment send them together: what the thread pool has to do already comes first. So
/// a busy gateway sends many credits in a script, and an idle one waits for a work item.
/// </summary>
/// <param name="send">Sends the credits of all that were ready; it must not throw.</param>
/// <param name="queue">Puts it at the end of what the thread pool has to do.</param>
internal sealed class CreditTurns(Action<IReadOnlyList<CreditQueue>> send, Action<IThreadPoolWorkItem> queue) : IThreadPoolWorkItem
{
    private readonly Lock _gate = new();
    private List<CreditQueue> _ready = [];

    public CreditTurns(Action<IReadOnlyList<CreditQueue>> send)
        : this(send, static turns => ThreadPool.UnsafeQueueUserWorkItem(turns, preferLocal: false))
    {
    }

    /// <summary>Its credits go out with the next turn.</summary>
    public void Add(CreditQueue ready)
    {
        lock (_gate)
        {
            if (_ready.Count == 0) queue(this); // first: what was not queued must not be waited for
            _ready.Add(ready);
        }
    }

    void IThreadPoolWorkItem.Execute()
    {
        List<CreditQueue> ready;
        lock (_gate) (ready, _ready) = (_ready, []);
        send(ready);
    }
}
