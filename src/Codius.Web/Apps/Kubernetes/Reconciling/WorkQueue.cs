using System.Threading.Channels;
using Codius.Web.Hosting.Supervision;

namespace Codius.Web.Apps.Kubernetes.Reconciling;

/// <summary>
/// A queue of names: each once, however often it was added, and what changed before what is only looked at again. One that failed is
/// queued again after a growing back-off.
/// </summary>
internal sealed class WorkQueue(Supervisor supervisor, TimeProvider time)
{
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(2);

    private readonly SupervisedWork _work = supervisor.Work("work queue");
    private readonly Queue<string> _changed = new();
    private readonly Queue<string> _unchanged = new();
    // One waiting signal is enough: the reader empties both queues.
    private readonly Channel<bool> _signals =
        Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    // True if it changed; else it is queued to be looked at again.
    private readonly Dictionary<string, bool> _waiting = new(StringComparer.Ordinal);
    private readonly HashSet<string> _later = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _failures = new(StringComparer.Ordinal);

    public int Failing
    {
        get
        {
            lock (_waiting) return _failures.Count;
        }
    }

    /// <summary>True if nothing waits to be looked at again.</summary>
    public bool IsIdle
    {
        get
        {
            lock (_waiting) return _unchanged.Count == 0;
        }
    }

    /// <summary>Adds what changed, also if it waits to be looked at again.</summary>
    public void Add(string name)
    {
        lock (_waiting)
        {
            if (_waiting.GetValueOrDefault(name)) return;
            _waiting[name] = true;
            _changed.Enqueue(name);
        }
        _signals.Writer.TryWrite(true);
    }

    /// <summary>Adds what is to be looked at again, after all that changed.</summary>
    public void AddUnchanged(string name)
    {
        lock (_waiting)
        {
            if (!_waiting.TryAdd(name, false)) return;
            _unchanged.Enqueue(name);
        }
        _signals.Writer.TryWrite(true);
    }

    /// <summary>Adds it after a wait, once, however often this is called until then.</summary>
    public void AddLater(string name, TimeSpan wait, CancellationToken cancellation) => AddLater(name, wait, Add, cancellation);

    /// <summary>The same for what comes after all that changed: many apps in use must not keep a deploy waiting.</summary>
    public void AddUnchangedLater(string name, TimeSpan wait, CancellationToken cancellation) =>
        AddLater(name, wait, AddUnchanged, cancellation);

    private void AddLater(string name, TimeSpan wait, Action<string> add, CancellationToken cancellation)
    {
        lock (_waiting)
        {
            if (!_later.Add(name)) return;
        }
        _ = _work.TryAsync(() => LaterAsync(name, wait, add, cancellation), cancellation);
    }

    public async ValueTask<string> DequeueAsync(CancellationToken cancellation)
    {
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            if (TryDequeue() is { } name) return name;
            await _signals.Reader.ReadAsync(cancellation);
        }
    }

    private string? TryDequeue()
    {
        lock (_waiting)
        {
            // No longer waiting before it is reconciled: a change from now on queues it again.
            if (_changed.TryDequeue(out var name))
            {
                _waiting.Remove(name);
                return name;
            }
            while (_unchanged.TryDequeue(out name))
            {
                // Else it changed meanwhile, and was reconciled for that.
                if (_waiting.Remove(name)) return name;
            }
            return null;
        }
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
        _ = _work.TryAsync(() => LaterAsync(name, wait < LongestWait ? wait : LongestWait, Add, cancellation), cancellation);
    }

    private async Task LaterAsync(string name, TimeSpan wait, Action<string> add, CancellationToken cancellation)
    {
        await Task.Delay(wait, time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (_waiting) _later.Remove(name);
        if (!cancellation.IsCancellationRequested) add(name);
    }
}
