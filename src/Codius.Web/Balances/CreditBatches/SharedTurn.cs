namespace Codius.Web.Balances.CreditBatches;

/// <summary>
/// Lets what becomes ready within a moment go on together, one right after the other on one thread: what the thread pool has to do already
/// comes first. So a busy gateway writes many scripts before the connection sends them, and an idle one waits for a work item.
/// </summary>
/// <param name="queue">Puts it at the end of what the thread pool has to do.</param>
internal sealed class SharedTurn(Action<IThreadPoolWorkItem> queue) : IThreadPoolWorkItem
{
    private readonly Lock _gate = new();
    private TaskCompletionSource? _next;

    public SharedTurn() : this(static turn => ThreadPool.UnsafeQueueUserWorkItem(turn, preferLocal: false))
    {
    }

    /// <summary>Returns with the next turn, on its thread.</summary>
    public Task WaitAsync()
    {
        lock (_gate)
        {
            if (_next is not null) return _next.Task;
            // Without RunContinuationsAsynchronously: those that wait run within SetResult.
            _next = new TaskCompletionSource();
            queue(this);
            return _next.Task;
        }
    }

    void IThreadPoolWorkItem.Execute()
    {
        TaskCompletionSource turn;
        lock (_gate) (turn, _next) = (_next!, null);
        turn.SetResult();
    }
}
