namespace Codius.Web.Balances.Leases;

/// <summary>Sends an account's requests to the ledger, one at a time, until there is none. Guarded by the lock of its lease.</summary>
/// <param name="context">The ledger and its scheduler.</param>
/// <param name="gate">The lock.</param>
/// <param name="next">Returns the next request, with the lock held; null if there is none.</param>
/// <param name="apply">Applies a result, with the lock held; true if the next request should wait a little.</param>
/// <param name="failed">Called with the lock held when a request failed in a way that no code expects.</param>
internal sealed class LeaseRequestLoop(
    LeaseContext context, Lock gate, Func<LeaseRequest?> next, Func<LeaseRequest, LeaseResult, bool> apply, Action failed)
{
    private static readonly TimeSpan RetryRecall = TimeSpan.FromMilliseconds(100);

    private TaskCompletionSource? _pause;

    /// <summary>Completes when no request is in flight or due.</summary>
    public Task Running { get; private set; } = Task.CompletedTask;

    public bool IsIdle => Running.IsCompleted;

    public void Start()
    {
        if (IsIdle) Running = context.Start(() => context.Requesting.TryAsync(RunAsync));
    }

    /// <summary>Sends the next request at once, should it wait.</summary>
    public void EndPause() => _pause?.TrySetResult();

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                LeaseRequest? request;
                lock (gate)
                {
                    request = next();
                    // Set under the lock: a visit that comes after this starts the next request itself.
                    if (request is null) Running = Task.CompletedTask;
                }
                if (request is null) return;
                // Not cancelled when a client leaves: others wait for the same answer.
                var result = await context.Ledger.LeaseAsync(request, CancellationToken.None);
                TaskCompletionSource? pause = null;
                lock (gate)
                {
                    if (apply(request, result))
                        _pause = pause = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                    if (result.Outcome == LeaseOutcome.Unavailable)
                    {
                        Running = Task.CompletedTask;
                        return;
                    }
                }
                if (pause is not null) await PauseAsync(pause);
            }
        }
        catch
        {
            // Unexpected. Waiting visits are answered; the next tick or visit repeats the request with the same sequence number, so it
            // does not matter whether the store received it. A gateway that crashes before: what it has used since the last settle is
            // the host's loss, never more than the slice.
            lock (gate)
            {
                failed();
                Running = Task.CompletedTask;
            }
            throw;
        }
    }

    private async Task PauseAsync(TaskCompletionSource pause)
    {
        await using var timer = context.Time.CreateTimer(
            _ => context.Requesting.Try(EndPause), null, RetryRecall, Timeout.InfiniteTimeSpan);
        await pause.Task;
    }
}
