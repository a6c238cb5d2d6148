using Codius.Web.Hosting.Health;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using StackExchange.Redis;

namespace Codius.Web.Balances.Storage;

/// <summary>The health of the ledger's store: judged by the calls the gateway makes anyway, and by the store's settings.</summary>
internal sealed partial class LedgerHealth(RedisStore store, TimeProvider time, ILogger<LedgerHealth> log) : IHealthCheck
{
    private readonly Lock _gate = new();
    private volatile bool _working = true;
    private DateTimeOffset _since = time.GetUtcNow();
    private string? _lastError;

    /// <summary>The store's durability settings as last read.</summary>
    public Durability? Durability { get => Volatile.Read(ref field); set => Volatile.Write(ref field, value); }

    /// <summary>The store's last error message; null if there never was one.</summary>
    public string? LastError
    {
        get
        {
            lock (_gate) return _lastError;
        }
    }

    /// <summary>A call was answered.</summary>
    public void Answered()
    {
        if (_working) return;
        lock (_gate)
        {
            if (_working) return;
            _working = true;
            _since = time.GetUtcNow();
        }
        LogBack(store.Name);
    }

    /// <summary>A call was not answered, or with an error.</summary>
    public void Failed(string what, Exception trouble)
    {
        lock (_gate)
        {
            // Redis' own error message: it has keys and settings, never amounts, secrets or tokens.
            _lastError = $"{what}: {trouble.Message}";
            if (!_working) return;
            _working = false;
            _since = time.GetUtcNow();
        }
        LogGone(trouble, store.Name, what);
    }

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await store.Connection.GetDatabase().PingAsync().WaitAsync(cancellationToken);
            Answered();
        }
        catch (Exception trouble) when (trouble is RedisException or TimeoutException)
        {
            Failed("ping", trouble);
        }
        lock (_gate)
        {
            var faults = Durability?.Faults ?? [];
            var state = !_working ? HealthStatus.Unhealthy : faults.Count > 0 ? HealthStatus.Degraded : HealthStatus.Healthy;
            var summary = state switch
            {
                HealthStatus.Unhealthy => $"The ledger does not answer ({store.Name}).",
                HealthStatus.Degraded => $"The ledger answers ({store.Name}), but: {string.Join(" ", faults)}",
                _ => $"The ledger answers ({store.Name}).",
            };
            return HealthResults.Of(state, _since, summary, _lastError, Durability?.Settings);
        }
    }

    [LoggerMessage(LogLevel.Error, "The ledger in {Store} does not answer ({What})")]
    private partial void LogGone(Exception trouble, string store, string what);

    [LoggerMessage(LogLevel.Information, "The ledger in {Store} answers again")]
    private partial void LogBack(string store);
}
