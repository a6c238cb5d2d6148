using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Numerics;

namespace Codius.Web.Hosting.Supervision;

/// <summary>
/// Keeps the gateway's background work running: an unhandled exception is logged, counted and shown in <c>/admin/health</c>, and ends
/// neither the process nor the work.
/// </summary>
internal sealed partial class Supervisor(TimeProvider time, ILogger<Supervisor> log)
{
    private static readonly Counter<long> Failures = Telemetry.Meter.CreateCounter<long>(
        "codius.background.failures", description: "Unhandled exceptions of background work, by work.");

    private readonly ConcurrentDictionary<string, WorkRecord> _records = new(StringComparer.Ordinal);

    /// <summary>The records of all work, by name.</summary>
    public IEnumerable<WorkRecord> Records => _records.Values;

    /// <summary>Creates supervised work; several of one name, such as one per app, share a record in health and a metric label.</summary>
    public SupervisedWork Work(string name)
    {
        var record = _records.GetOrAdd(name, static name => new WorkRecord(name));
        return new SupervisedWork(time,
            failed: (exception, inARow) =>
            {
                Failures.Add(1, new KeyValuePair<string, object?>("work", name));
                record.Failed(exception, time.GetUtcNow(), isFirst: inARow == 1);
                // Work that fails at each of ten thousand events must not fill the log.
                if (BitOperations.IsPow2(inARow)) LogFailed(exception, name, inARow);
            },
            recovered: () =>
            {
                record.Recovered(time.GetUtcNow());
                LogRecovered(name);
            });
    }

    [LoggerMessage(LogLevel.Error, "Background work failed unexpectedly and continues: {Work} ({InARow} in a row)")]
    private partial void LogFailed(Exception exception, string work, int inARow);

    [LoggerMessage(LogLevel.Information, "Background work has recovered: {Work}")]
    private partial void LogRecovered(string work);
}
