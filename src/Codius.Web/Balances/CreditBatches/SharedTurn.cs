namespace Codius.Web.Balances.CreditBatches;

/// <summary>
/// Lets what becomes ready within a moment go on together, one right after the other on one thread: what the thread pool has to do already
/// comes first. So a busy gateway writes many scripts before the connection sends them, and an idle one waits for a work item.
/// </summary>
/// <param name="queue">Puts it at the end of what the thread pool has to do.</param>
internal sealed class SharedTurn(Action<IThreadPoolWorkItem> queue) : IThreadPoolWorkItem
{
    private readonly Lock _gate = new();
    private List<TaskCompletionSource> _waiting = [];

    public SharedTurn() : this(static turn => ThreadPool.UnsafeQueueUserWorkItem(turn, preferLocal: false))
    {
    }

    /// <summary>Returns with the next turn, on its thread.</summary>
    public Task WaitAsync()
    {
        // Without RunContinuationsAsynchronously, and one for each that waits: of several continuations of one task only one runs within
        // SetResult.
        var waiting = new TaskCompletionSource();
        lock (_gate)
        {
            if (_waiting.Count == 0) queue(this); // first: what was not queued must not be waited for
            _waiting.Add(waiting);
        }
        return waiting.Task;
    }

    void IThreadPoolWorkItem.Execute()
    {
        List<TaskCompletionSource> turn;
        lock (_gate) (turn, _waiting) = (_waiting, []);
        foreach (var waiting in turn) waiting.SetResult();
    }
}
