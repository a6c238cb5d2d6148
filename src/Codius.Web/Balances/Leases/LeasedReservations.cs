using System.Collections.Concurrent;
using Codius.Web.Balances.LeaseBatches;
using Codius.Web.Balances.Storage;

namespace Codius.Web.Balances.Leases;

/// <summary>
/// Reserves prices in leases, one per account; settles and returns them in the background, and all of them at shutdown.
/// </summary>
/// <param name="context">What all leases share.</param>
/// <param name="comparer">Decides in which order accounts are settled; null: the hashes of this process do.</param>
internal sealed class LeasedReservations(LeaseContext context, IEqualityComparer<AccountId>? comparer = null)
    : IReservations, IHostedService, IDisposable
{
    /// <summary>So many share a script.</summary>
    private const int LeastInGroup = LeaseBatcher.Most;

    /// <summary>Between two groups: several times as long as a timer may be late.</summary>
    private static readonly TimeSpan LeastPause = TimeSpan.FromMilliseconds(12);

    private readonly ConcurrentDictionary<AccountId, AccountLease> _leases = new(comparer);
    private readonly CancellationTokenSource _stopping = new();
    private Task _settling = Task.CompletedTask;

    public ValueTask<Reservation> ReserveAsync(
        AccountId account, ulong price, CancellationToken cancellation, ulong? capPerHour = null)
    {
        if (price == 0) return new ValueTask<Reservation>(new UnleasedReservation(ReserveOutcome.Reserved, 0));
        while (true)
        {
            var lease = _leases.GetOrAdd(account, static (account, context) => new AccountLease(account, context), context);
            if (lease.TryReserve(price, capPerHour, out var reserved, out var waiter))
                return reserved is not null ? new ValueTask<Reservation>(reserved) : waiter!.WaitAsync(cancellation);
            Forget(account, lease);
        }
    }

    /// <summary>Drops all leases: the store is not the one that granted them.</summary>
    public void DropAll()
    {
        foreach (var lease in _leases.Values) lease.Drop();
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _settling = context.Start(() => context.Settling.RunAsync(SettleAsync, _stopping.Token));
        return Task.CompletedTask;
    }

    /// <summary>Runs after Kestrel has stopped: no request is in flight.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _settling;
        await Task.WhenAll(_leases.Values.Select(lease => lease.CloseAsync(cancellationToken)))
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        // What the last requests cost, which no tick comes for.
        BalanceMetrics.PublishRequests();
    }

    public void Dispose() => _stopping.Dispose();

    private async Task SettleAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(context.Options.SettleEvery, context.Time);
        while (await timer.WaitForNextTickAsync(stopping)) // StopAsync settles what is left
        {
            await SettleAllAsync(stopping);
            BalanceMetrics.PublishRequests();
            context.Settling.Succeeded();
        }
    }

    /// <summary>
    /// Many leases are settled in groups, over most of the time until the next tick: all of a thousand at once would keep visits waiting
    /// for tens of milliseconds each second.
    /// </summary>
    private async Task SettleAllAsync(CancellationToken stopping)
    {
        var (count, within) = (_leases.Count, context.Options.SettleEvery * 0.75);
        var inGroup = Math.Max(LeastInGroup, (int)Math.Ceiling(count * (LeastPause / within)));
        var pause = within * inGroup / Math.Max(count, inGroup);
        var (left, next, since) = (inGroup, pause, context.Time.GetTimestamp());
        foreach (var (account, lease) in _leases)
        {
            if (left == 0)
            {
                // What one was late, the next ones are earlier.
                if (next - context.Time.GetElapsedTime(since) is var wait && wait > TimeSpan.Zero)
                    await Task.Delay(wait, context.Time, stopping);
                (left, next) = (inGroup, next + pause);
            }
            left--;
            if (lease.Tick()) Forget(account, lease);
        }
    }

    private void Forget(AccountId account, AccountLease lease) => _leases.TryRemove(KeyValuePair.Create(account, lease));
}
