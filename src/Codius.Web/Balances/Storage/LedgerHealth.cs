using Codius.Web.Hosting.Health;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using StackExchange.Redis;

namespace Codius.Web.Balances.Storage;

/// <summary>
/// The health of the ledger's store. Any call that fails ends it; only a write ends the failure: a replica, a full store or one that
/// cannot save answers reads as before.
/// </summary>
internal sealed partial class LedgerHealth(RedisStore store, TimeProvider time, ILogger<LedgerHealth> log) : IHealthCheck
{
    private readonly Lock _gate = new();
    private bool _working = true;
    private bool _refused;
    private long _failures;
    private DateTimeOffset _since = time.GetUtcNow();
    private string? _lastError;

    /// <summary>The store's durability settings as last read.</summary>
    public Durability? Durability { get => Volatile.Read(ref field); set => Volatile.Write(ref field, value); }

    /// <summary>False from a call that failed until a write succeeds.</summary>
    public bool IsWorking
    {
        get
        {
            lock (_gate) return _working;
        }
    }

    /// <summary>The store's last error message; null if there never was one.</summary>
    public string? LastError
    {
        get
        {
            lock (_gate) return _lastError;
        }
    }

    /// <summary>A call was not answered, or with an error.</summary>
    public void Failed(string what, Exception trouble)
    {
        if (trouble is RedisServerException) Refused(what, trouble.Message);
        else if (Ended(what, trouble.Message, refused: false)) LogGone(trouble, store.Name, what);
    }

    /// <summary>A call, or a part of it, was answered with an error.</summary>
    public void Refused(string what, string error)
    {
        if (Ended(what, error, refused: true)) LogRefused(store.Name, what, error);
    }

    /// <summary>Probes whether the store takes writes; the trouble if not, else null.</summary>
    public async Task<Exception?> ProbeAsync(CancellationToken cancellation)
    {
        long failures;
        lock (_gate) failures = _failures;
        try
        {
            await store.ProbeWriteAsync().WaitAsync(cancellation);
        }
        catch (Exception trouble) when (StoreTrouble.Is(trouble))
        {
            Failed("write", trouble);
            return trouble;
        }
        lock (_gate)
        {
            // A call that failed meanwhile is newer than this answer; the next probe decides.
            if (_working || failures != _failures) return null;
            _working = true;
            _since = time.GetUtcNow();
        }
        LogBack(store.Name);
        return null;
    }

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        await ProbeAsync(cancellationToken);
        lock (_gate)
        {
            string[] faults = [.. Durability?.Faults ?? [], .. Durability?.Warnings ?? []];
            var state = !_working ? HealthStatus.Unhealthy : faults.Length > 0 ? HealthStatus.Degraded : HealthStatus.Healthy;
            var summary = state switch
            {
                HealthStatus.Unhealthy when _refused => $"The ledger takes no writes ({store.Name}).",
                HealthStatus.Unhealthy => $"The ledger does not answer ({store.Name}).",
                HealthStatus.Degraded => $"The ledger answers ({store.Name}), but: {string.Join(" ", faults)}",
                _ => $"The ledger answers ({store.Name}).",
            };
            return HealthResults.Of(state, _since, summary, _lastError, Durability?.Settings);
        }
    }

    /// <summary>True if it was working until now.</summary>
    private bool Ended(string what, string error, bool refused)
    {
        lock (_gate)
        {
            // Redis' own error message: it has keys and settings, never amounts, secrets or tokens.
            _lastError = $"{what}: {error}";
            _refused = refused;
            _failures++;
            if (!_working) return false;
            _working = false;
            _since = time.GetUtcNow();
            return true;
        }
    }

    [LoggerMessage(LogLevel.Error, "The ledger in {Store} does not answer ({What})")]
    private partial void LogGone(Exception trouble, string store, string what);

    [LoggerMessage(LogLevel.Error, "The ledger in {Store} takes no writes ({What}): {Answer}")]
    private partial void LogRefused(string store, string what, string answer);

    [LoggerMessage(LogLevel.Information, "The ledger in {Store} takes writes again")]
    private partial void LogBack(string store);
}
