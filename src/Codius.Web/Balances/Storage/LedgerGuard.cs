using Codius.Web.Balances.Leases;
using Codius.Web.Hosting;
using Codius.Web.Hosting.Supervision;
using StackExchange.Redis;

namespace Codius.Web.Balances.Storage;

/// <summary>
/// Checks the store: before anything else starts, that it is durable enough for money; after that, that it is still the same
/// store. One that was restored from a backup has another epoch, and leases of the old one are void.
/// </summary>
internal sealed partial class LedgerGuard(
    RedisStore store, LedgerHealth health, LeasedReservations reservations, IHostEnvironment environment, Supervisor supervisor,
    TimeProvider time, ILogger<LedgerGuard> log)
    : IHostedLifecycleService, IDisposable
{
    private static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(5);

    private readonly SupervisedWork _work = supervisor.Work("ledger guard");
    private readonly CancellationTokenSource _stopping = new();
    private Task _checking = Task.CompletedTask;
    private string? _epoch;

    /// <exception cref="StartupFaultException">In Production: the store may lose money.</exception>
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        try
        {
            var durability = await store.ReadDurabilityAsync();
            health.Durability = durability;
            if (durability.Faults.Count > 0 && environment.IsProduction()) throw new StartupFaultException(durability.Faults);
            foreach (var fault in durability.Faults) LogFault(fault);
            await store.Connection.GetDatabase().StringSetAsync(BalanceKeys.Epoch, 1, when: When.NotExists);
            await CheckEpochAsync();
        }
        catch (Exception trouble) when (trouble is RedisException or TimeoutException)
        {
            throw new StartupFaultException($"{store.Name} cannot be reached: {trouble.Message}", trouble);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _checking = _work.RunAsync(CheckRepeatedlyAsync, _stopping.Token);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _checking;
    }

    /// <summary>Reads the epoch; drops the leases if it changed.</summary>
    public async Task CheckEpochAsync()
    {
        var now = (string?)await store.Connection.GetDatabase().StringGetAsync(BalanceKeys.Epoch) ?? "none";
        if (_epoch is not null && now != _epoch)
        {
            LogEpoch(_epoch, now);
            reservations.DropAll();
        }
        _epoch = now;
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _stopping.Dispose();

    private async Task CheckRepeatedlyAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(CheckInterval, time);
        while (await timer.WaitForNextTickAsync(stopping))
        {
            try
            {
                await CheckEpochAsync();
                health.Durability = await store.ReadDurabilityAsync();
                health.Answered();
            }
            catch (Exception trouble) when (trouble is RedisException or TimeoutException)
            {
                health.Failed("store check", trouble);
            }
            _work.Succeeded();
        }
    }

    [LoggerMessage(LogLevel.Warning, "{Fault} Good enough for development; Production does not start with it")]
    private partial void LogFault(string fault);

    [LoggerMessage(LogLevel.Warning,
        "The ledger's epoch was {Before} and is {Now}: its store was restored or replaced. All leases are dropped")]
    private partial void LogEpoch(string before, string now);
}
