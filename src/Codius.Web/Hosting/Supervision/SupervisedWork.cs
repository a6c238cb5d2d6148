namespace Codius.Web.Hosting.Supervision;

/// <summary>One piece of background work: its exceptions are reported to the <see cref="Supervisor"/>, and it continues.</summary>
/// <param name="time">The clock of the back-off.</param>
/// <param name="failed">Called with each exception and the number of failures in a row.</param>
/// <param name="recovered">Called when failing work has recovered.</param>
internal sealed class SupervisedWork(TimeProvider time, Action<Exception, int> failed, Action recovered)
{
    private static readonly TimeSpan ShortestWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    /// <summary>A loop that has run this long since its restart has recovered, even if it never reports a round.</summary>
    private static readonly TimeSpan SteadyAfter = TimeSpan.FromMinutes(1);

    private int _inARow;

    /// <summary>Reports that a round succeeded.</summary>
    public void Succeeded()
    {
        if (Volatile.Read(ref _inARow) > 0 && Interlocked.Exchange(ref _inARow, 0) > 0) recovered();
    }

    /// <summary>Reports that a round threw an unhandled exception.</summary>
    public void Failed(Exception exception) => failed(exception, Interlocked.Increment(ref _inARow));

    /// <summary>Runs a loop until it returns or is cancelled; one that throws is restarted after a second, later up to a minute.</summary>
    public async Task RunAsync(Func<CancellationToken, Task> loop, CancellationToken end)
    {
        while (!await TryOnceAsync(loop, end)) await WaitAsync(end);
        Succeeded();
    }

    /// <summary>Waits for the back-off of the failures in a row.</summary>
    public async Task WaitAsync(CancellationToken end)
    {
        var wait = ShortestWait * Math.Pow(2, Math.Clamp(Volatile.Read(ref _inARow) - 1, 0, 10));
        await Task.Delay(wait < LongestWait ? wait : LongestWait, time, end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Runs one round; false if it failed. A cancelled round is not a failure.</summary>
    public async Task<bool> TryAsync(Func<Task> round, CancellationToken end = default)
    {
        try
        {
            await round();
            Succeeded();
            return true;
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            return false;
        }
        catch (Exception unforeseen)
        {
            Failed(unforeseen);
            return false;
        }
    }

    /// <summary>Runs a callback of a timer, watcher or subscription: its exception would otherwise end the process, or be lost.</summary>
    public bool Try(Action callback) => Call(callback, static callback => callback()) && Well();

    /// <summary>Raises an event: a handler that throws stops neither the other handlers nor the caller.</summary>
    public void Raise(Action? handlers)
    {
        var well = true;
        foreach (var handler in Delegate.EnumerateInvocationList(handlers)) well &= Call(handler, static handler => handler());
        if (well) Succeeded();
    }

    /// <inheritdoc cref="Raise(Action?)"/>
    public void Raise<T>(Action<T>? handlers, T argument)
    {
        var well = true;
        foreach (var handler in Delegate.EnumerateInvocationList(handlers))
            well &= Call((handler, argument), static call => call.handler(call.argument));
        if (well) Succeeded();
    }

    /// <inheritdoc cref="Raise(Action?)"/>
    public void Raise<T1, T2>(Action<T1, T2>? handlers, T1 first, T2 second)
    {
        var well = true;
        foreach (var handler in Delegate.EnumerateInvocationList(handlers))
            well &= Call((handler, first, second), static call => call.handler(call.first, call.second));
        if (well) Succeeded();
    }

    private async Task<bool> TryOnceAsync(Func<CancellationToken, Task> loop, CancellationToken end)
    {
        // Only after a failure: a timer per loop would be one per awake app.
        await using var steady = Volatile.Read(ref _inARow) == 0 ? null
            : time.CreateTimer(_ => Succeeded(), null, SteadyAfter, Timeout.InfiniteTimeSpan);
        try
        {
            await loop(end);
            return true;
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            return true;
        }
        catch (Exception unforeseen)
        {
            Failed(unforeseen);
            return end.IsCancellationRequested;
        }
    }

    private bool Call<T>(T state, Action<T> call)
    {
        try
        {
            call(state);
            return true;
        }
        catch (Exception unforeseen)
        {
            Failed(unforeseen);
            return false;
        }
    }

    private bool Well()
    {
        Succeeded();
        return true;
    }
}
