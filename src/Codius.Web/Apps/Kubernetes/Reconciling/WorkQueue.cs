using System.Threading.Channels;
using Codius.Web.Hosting.Supervision;

namespace Codius.Web.Apps.Kubernetes.Reconciling;

/// <summary>
/// A queue of names: each once, however often it was added; one that failed is queued again after a growing back-off.
/// </summary>
internal sealed class WorkQueue(Supervisor supervisor, TimeProvider time)
{
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(2);

    private readonly SupervisedWork _work = supervisor.Work("work queue");
    private readonly Channel<string> _names = Channel.CreateUnbounded<string>();
    private readonly HashSet<string> _waiting = new(StringComparer.Ordinal);
    private readonly HashSet<string> _later = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _failures = new(StringComparer.Ordinal);

    public int Failing
    {
        get
        {
            lock (_waiting) return _failures.Count;
        }
    }

    public void Add(string name)
    {
        lock (_waiting)
        {
            if (!_waiting.Add(name)) return;
        }
        _names.Writer.TryWrite(name);
    }

    /// <summary>Adds it after a wait, once, however often this is called until then.</summary>
    public void AddLater(string name, TimeSpan wait, CancellationToken cancellation)
    {
        lock (_waiting)
        {
            if (!_later.Add(name)) return;
        }
        _ = _work.TryAsync(() => LaterAsync(name, wait, cancellation), cancellation);
    }

    public async ValueTask<string> DequeueAsync(CancellationToken cancellation)
    {
        var name = await _names.Reader.ReadAsync(cancellation);
        // Before it is reconciled: a change from now on queues it again.
        lock (_waiting) _waiting.Remove(name);
        return name;
    }

    public void Succeeded(string name)
    {
        lock (_waiting) _failures.Remove(name);
    }

    public void Failed(string name, CancellationToken cancellation)
    {
        int failures;
        lock (_waiting) _failures[name] = failures = _failures.GetValueOrDefault(name) + 1;
        var wait = ShortestWait * Math.Pow(2, Math.Min(failures - 1, 10));
        _ = _work.TryAsync(() => LaterAsync(name, wait < LongestWait ? wait : LongestWait, cancellation), cancellation);
    }

    private async Task LaterAsync(string name, TimeSpan wait, CancellationToken cancellation)
    {
        await Task.Delay(wait, time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (_waiting) _later.Remove(name);
        if (!cancellation.IsCancellationRequested) Add(name);
    }
}
