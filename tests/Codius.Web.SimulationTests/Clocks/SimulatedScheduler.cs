namespace Codius.Web.SimulationTests.Clocks;

/// <summary>Runs the code of one gateway, one task after the other, when the simulation says so; a frozen gateway is not run.</summary>
internal sealed class SimulatedScheduler : TaskScheduler
{
    private readonly Queue<Task> _ready = new();

    /// <summary>How many tasks were ever queued.</summary>
    public int Queued
    {
        get
        {
            lock (_ready) return field;
        }
        private set;
    }

    /// <summary>Runs what is ready, and what that makes ready; true if there was something.</summary>
    public bool RunAll()
    {
        var any = false;
        while (Next() is { } task)
        {
            any = true;
            TryExecuteTask(task);
        }
        return any;
    }

    /// <summary>Waits until the framework has queued so many tasks; it cancels tokens on the thread pool.</summary>
    public void WaitForQueued(int count)
    {
        lock (_ready)
        {
            while (Queued < count)
                if (!Monitor.Wait(_ready, TimeSpan.FromSeconds(30))) throw new TimeoutException($"{Queued} of {count} tasks were queued");
        }
    }

    protected override void QueueTask(Task task)
    {
        lock (_ready)
        {
            _ready.Enqueue(task);
            Queued++;
            Monitor.PulseAll(_ready);
        }
    }

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    protected override IEnumerable<Task> GetScheduledTasks()
    {
        lock (_ready) return [.. _ready];
    }

    private Task? Next()
    {
        lock (_ready) return _ready.TryDequeue(out var task) ? task : null;
    }
}
