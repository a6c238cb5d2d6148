using Codius.Web.Balances.Leases;
using Codius.Web.Hosting;
using Codius.Web.Hosting.Supervision;
using StackExchange.Redis;

namespace Codius.Web.Balances.Storage;

/// <summary>
/// Checks the store: before anything else starts, that it is durable enough for money; after that, that it takes writes and is still
/// the same store. One that was restored from a backup has another epoch, and leases of the old one are void.
/// </summary>
internal sealed partial class LedgerGuard(
    RedisStore store, LedgerHealth health, LeasedReservations reservations, IHostEnvironment environment, Supervisor supervisor,
    TimeProvider time, ILogger<LedgerGuard> log)
    : IHostedLifecycleService, IDisposable
{
    private static readonly TimeSpan ProbeInterval = TimeSpan.FromSeconds(1);
    private const int ProbesPerCheck = 5;
    private const int ProbesBeforeReconnect = 2;

    private readonly SupervisedWork _work = supervisor.Work("ledger guard");
    private readonly CancellationTokenSource _stopping = new();
    private Task _checking = Task.CompletedTask;
    private string? _epoch;

    /// <exception cref="StartupFaultException">The store is not there in time; in Production: it may lose money.</exception>
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        await store.DuringStartAsync(async () =>
        {
            var durability = await store.ReadDurabilityAsync();
            health.Durability = durability;
            if (durability.Faults.Count > 0 && environment.IsProduction()) throw new StartupFaultException(durability.Faults);
            await store.Connection.GetDatabase().StringSetAsync(BalanceKeys.Epoch, 1, when: When.NotExists);
            await CheckEpochAsync();
        }, cancellationToken);
        foreach (var fault in health.Durability!.Faults) LogFault(fault);
        foreach (var warning in health.Durability.Warnings) LogWarning(warning);
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
        using var timer = SharedTicks.Every(ProbeInterval, time);
        var failures = 0;
        for (var probes = 1; await timer.WaitForNextTickAsync(stopping); probes++)
        {
            if (await health.ProbeAsync(stopping) is { } trouble)
            {
                // One may be a pause of the store; with a second one its name may lead elsewhere by now.
                if (++failures >= ProbesBeforeReconnect && StoreTrouble.MayEndElsewhere(trouble)) await store.ReconnectAsync();
            }
            else if (failures > 0 || probes % ProbesPerCheck == 0)
            {
                failures = 0;
                await CheckAsync();
            }
            _work.Succeeded();
        }
    }

    private async Task CheckAsync()
    {
        try
        {
            await CheckEpochAsync();
            health.Durability = await store.ReadDurabilityAsync();
        }
        catch (Exception trouble) when (StoreTrouble.Is(trouble))
        {
            health.Failed("store check", trouble);
        }
    }

    [LoggerMessage(LogLevel.Warning, "{Fault} Good enough for development; Production does not start with it")]
    private partial void LogFault(string fault);

    [LoggerMessage(LogLevel.Warning, "{Warning}")]
    private partial void LogWarning(string warning);

    [LoggerMessage(LogLevel.Warning,
        "The ledger's epoch was {Before} and is {Now}: its store was restored or replaced. All leases are dropped")]
    private partial void LogEpoch(string before, string now);
}
