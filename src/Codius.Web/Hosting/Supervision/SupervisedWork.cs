namespace Codius.Web.Hosting.Supervision;

/// <summary>One piece of background work: what it throws is reported to the <see cref="Supervisor"/>, and it goes on.</summary>
/// <param name="time">The clock of the back-off.</param>
/// <param name="failed">Called with each exception and how many there were in a row.</param>
/// <param name="recovered">Called when work that failed is well again.</param>
internal sealed class SupervisedWork(TimeProvider time, Action<Exception, int> failed, Action recovered)
{
    private static readonly TimeSpan ShortestWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    /// <summary>A loop that has run this long since it was begun anew is well, even if it says nothing about its rounds.</summary>
    private static readonly TimeSpan SteadyAfter = TimeSpan.FromMinutes(1);

    private int _inARow;

    /// <summary>A round went well.</summary>
    public void Succeeded()
    {
        if (Volatile.Read(ref _inARow) > 0 && Interlocked.Exchange(ref _inARow, 0) > 0) recovered();
    }

    /// <summary>A round failed in a way that was not foreseen.</summary>
    public void Failed(Exception exception) => failed(exception, Interlocked.Increment(ref _inARow));

    /// <summary>Runs a loop until it returns or is to end; one that throws is begun anew after a second, later up to a minute.</summary>
    public async Task RunAsync(Func<CancellationToken, Task> loop, CancellationToken end)
    {
        while (!await TryOnceAsync(loop, end)) await WaitAsync(end);
        Succeeded();
    }

    /// <summary>Waits as long as the failures in a row ask for.</summary>
    public async Task WaitAsync(CancellationToken end)
    {
        var wait = ShortestWait * Math.Pow(2, Math.Clamp(Volatile.Read(ref _inARow) - 1, 0, 10));
        await Task.Delay(wait < LongestWait ? wait : LongestWait, time, end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>One round; false if it failed. What a round throws that is to end is no failure.</summary>
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

    /// <summary>A callback of a timer, watcher or subscription: what it throws would end the process, or be lost.</summary>
    public bool Try(Action callback) => Call(callback, static callback => callback()) && Well();

    /// <summary>Raises an event: a handler that throws keeps neither the others from hearing of it nor the raiser from going on.</summary>
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
        // Only where it failed before: a timer per loop would be one per awake app.
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
