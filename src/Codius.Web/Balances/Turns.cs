namespace Codius.Web.Balances;

/// <summary>
/// Lets what becomes ready within a moment go to the store together: what the thread pool has to do already comes first. So a busy gateway
/// sends many in a script, and an idle one waits for a work item.
/// </summary>
/// <typeparam name="T">What goes out.</typeparam>
/// <param name="send">Sends all that was ready; it must not throw.</param>
/// <param name="queue">Runs it a moment later.</param>
internal sealed class Turns<T>(Action<IReadOnlyList<T>> send, Action<IThreadPoolWorkItem> queue) : IThreadPoolWorkItem
{
    private readonly Lock _gate = new();
    private List<T> _ready = [];

    /// <summary>It goes out with the next turn.</summary>
    public void Add(T ready)
    {
        lock (_gate)
        {
            _ready.Add(ready);
            if (_ready.Count > 1) return;
        }
        queue(this);
    }

    void IThreadPoolWorkItem.Execute()
    {
        List<T> ready;
        lock (_gate) (ready, _ready) = (_ready, []);
        send(ready);
    }
}

/// <summary>Where turns run.</summary>
internal static class Turns
{
    /// <summary>Puts one at the end of what the thread pool has to do.</summary>
    public static void QueueToPool(IThreadPoolWorkItem turn) => ThreadPool.UnsafeQueueUserWorkItem(turn, preferLocal: false);
}
