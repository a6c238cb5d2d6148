using System.Diagnostics;
using System.Diagnostics.Metrics;
using Codius.Web.Hosting;

namespace Codius.Web.Balances.Storage;

/// <summary>Counts units debited from accounts, and calls of the store.</summary>
internal static class BalanceMetrics
{
    private static readonly Counter<long> Calls = Telemetry.Meter.CreateCounter<long>(
        "codius.ledger.calls", description: "Scripts run in the ledger's store, by script and by whether it answered.");

    private static readonly Histogram<double> Durations = Telemetry.Meter.CreateHistogram(
        "db.client.operation.duration", "s", "How long calls of the ledger's scripts took, by script; error.type is set if one failed.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10] });

    private static readonly Counter<long> Debited = Telemetry.Meter.CreateCounter<long>(
        "codius.debited", "{unit}", "Units debited from accounts, by what for.");

    private static readonly Counter<long> Returned = Telemetry.Meter.CreateCounter<long>(
        "codius.returned", "{unit}", "Units debited before and given back, by what for; what is earned is codius.debited less this.");

    private static readonly Counter<long> WrittenOff = Telemetry.Meter.CreateCounter<long>(
        "codius.written.off", "{unit}", "Units owed that no account paid, by what for: the host's loss.");

    private static long _debitedForRequests;

    public static void Call(LedgerScript script, bool answered) =>
        Calls.Add(1, new KeyValuePair<string, object?>("script", script.Name), new KeyValuePair<string, object?>("answered", answered));

    /// <summary>A visit is debited; it is in the metrics once <see cref="PublishRequests"/> was called.</summary>
    public static void DebitRequest(ulong price) => Interlocked.Add(ref _debitedForRequests, (long)price);

    /// <summary>Counts what visits were debited since the last call: a counter with its tags costs a hundredth of a visit.</summary>
    public static void PublishRequests()
    {
        if (Interlocked.Exchange(ref _debitedForRequests, 0) is > 0 and var units) Debit((ulong)units, "requests");
    }

    /// <summary>By the standard's names for a client of Redis.</summary>
    public static void Took(LedgerScript script, TimeSpan time, Exception? trouble)
    {
        var tags = new TagList
        {
            { "db.system.name", "redis" }, { "db.operation.name", "EVALSHA" }, { "db.stored_procedure.name", script.Name },
        };
        if (trouble is not null) tags.Add("error.type", trouble.GetType().FullName);
        Durations.Record(time.TotalSeconds, tags);
    }

    public static void Debit(ulong units, string what) => Debited.Add((long)units, new KeyValuePair<string, object?>("for", what));

    public static void WriteOff(ulong units, string what) => WrittenOff.Add((long)units, new KeyValuePair<string, object?>("for", what));

    public static void GiveBack(ulong units, string what) => Returned.Add((long)units, new KeyValuePair<string, object?>("for", what));
}
