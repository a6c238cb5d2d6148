namespace Codius.Web.Balances.Leases;

/// <summary>A visit that waits for its price.</summary>
internal sealed class LeaseWaiter(ulong price, long since)
{
    private readonly TaskCompletionSource<Reservation> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ulong Price { get; } = price;

    public long Since { get; } = since;

    /// <summary>True once its price was part of a request: only that request's result shows that there are no funds for it.</summary>
    public bool IsRequested { get; set; }

    public bool IsDone => _done.Task.IsCompleted;

    /// <summary>Completes it; false if its client had left before.</summary>
    public bool TryEnd(Reservation reservation) => _done.TrySetResult(reservation);

    public async ValueTask<Reservation> WaitAsync(CancellationToken cancellation)
    {
        await using var left = cancellation.UnsafeRegister(static (waiter, token) =>
            ((LeaseWaiter)waiter!)._done.TrySetCanceled(token), this);
        return await _done.Task;
    }
}
