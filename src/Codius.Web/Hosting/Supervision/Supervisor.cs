using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Numerics;

namespace Codius.Web.Hosting.Supervision;

/// <summary>
/// Keeps the gateway's background work going: an exception that the work did not foresee is logged, counted and shown in
/// <c>/admin/health</c>, and ends neither the process nor the work.
/// </summary>
internal sealed partial class Supervisor(TimeProvider time, ILogger<Supervisor> log)
{
    private static readonly Counter<long> Failures = Telemetry.Meter.CreateCounter<long>(
        "codius.background.failures", description: "Exceptions of background work that were not foreseen, by work.");

    private readonly ConcurrentDictionary<string, WorkRecord> _records = new(StringComparer.Ordinal);

    /// <summary>All work that ever failed or was begun, by name.</summary>
    public IEnumerable<WorkRecord> Records => _records.Values;

    /// <summary>A piece of work to supervise; several of one name, such as one per app, share a line in health and a label.</summary>
    public SupervisedWork Work(string name)
    {
        var record = _records.GetOrAdd(name, static name => new WorkRecord(name));
        return new SupervisedWork(time,
            failed: (exception, inARow) =>
            {
                Failures.Add(1, new KeyValuePair<string, object?>("work", name));
                record.Failed(exception, time.GetUtcNow(), isFirst: inARow == 1);
                // Something that fails at each of ten thousand events does not fill the log.
                if (BitOperations.IsPow2(inARow)) LogFailed(exception, name, inARow);
            },
            recovered: () =>
            {
                record.Recovered(time.GetUtcNow());
                LogRecovered(name);
            });
    }

    [LoggerMessage(LogLevel.Error, "Background work failed unexpectedly and goes on: {Work} ({InARow} in a row)")]
    private partial void LogFailed(Exception exception, string work, int inARow);

    [LoggerMessage(LogLevel.Information, "Background work is well again: {Work}")]
    private partial void LogRecovered(string work);
}
