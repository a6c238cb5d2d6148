using System.Diagnostics.Metrics;
using Codius.Web.Hosting;

namespace Codius.Web.Payments;

/// <summary>Metrics of credited and refused payments.</summary>
internal static class PaymentsMeter
{
    private static readonly Counter<long> Credits =
        Telemetry.Meter.CreateCounter<long>("codius.credits", description: "Payments credited, by way");

    private static readonly Counter<long> Units =
        Telemetry.Meter.CreateCounter<long>("codius.credited", "{unit}", "Units credited to accounts, by way");

    private static readonly Counter<long> Repeats =
        Telemetry.Meter.CreateCounter<long>("codius.credits.repeated",
            description: "Payments credited before, which changed nothing, by way");

    private static readonly Counter<long> Refusals =
        Telemetry.Meter.CreateCounter<long>(
            "codius.payments.refused", description: "Packets, receipts and queries refused, by endpoint and reason");

    /// <summary>One credit of <paramref name="units"/>. The way is <c>packet</c>, <c>receipt</c> or <c>wallet</c>.</summary>
    public static void Credited(string way, ulong units)
    {
        var tag = new KeyValuePair<string, object?>("way", way);
        Credits.Add(1, tag);
        Units.Add((long)Math.Min(units, long.MaxValue), tag);
    }

    /// <summary>A payment that was credited before came again: answered as the first time.</summary>
    public static void Repeated(string way) => Repeats.Add(1, new KeyValuePair<string, object?>("way", way));

    /// <summary>A request was refused and changed nothing. Reasons are constants of this program, never a caller's text.</summary>
    public static void Refused(string endpoint, string reason) =>
        Refusals.Add(1, new KeyValuePair<string, object?>("endpoint", endpoint), new KeyValuePair<string, object?>("reason", reason));
}
