using System.Diagnostics.Metrics;
using Codius.Web.Balances.WalletPayments;
using Codius.Web.Hosting;

namespace Codius.Web.Payments.HostWallet;

/// <summary>Metrics of the calls to the host's wallet, and of what is wrong with it.</summary>
internal static class HostWalletMeter
{
    private static readonly Counter<long> Calls = Telemetry.Meter.CreateCounter<long>(
        "codius.wallet.calls", description: "Calls to the host's wallet, by kind and outcome");

    private static readonly Counter<long> Looks = Telemetry.Meter.CreateCounter<long>(
        "codius.wallet.looks", description: "Looks at incoming payments of the host's wallet, by outcome");

    private static readonly Counter<long> Stops = Telemetry.Meter.CreateCounter<long>(
        "codius.wallet.stopped", description: "Reads of the host's wallet with an asset that is not the host's: nothing is credited");

    private static readonly Counter<long> GivenUpPayments = Telemetry.Meter.CreateCounter<long>(
        "codius.wallet.given_up", description: "Payments that could not be read for 30 days after their end, and are not credited");

    /// <summary>One call. The kind is <c>document</c>, <c>create</c>, <c>read</c>, <c>complete</c> or <c>grant</c>.</summary>
    public static void Called(string kind, string outcome) => Calls.Add(1,
        new KeyValuePair<string, object?>("kind", kind), new KeyValuePair<string, object?>("outcome", outcome));

    public static void Looked(LookOutcome outcome) => Looks.Add(1, new KeyValuePair<string, object?>("outcome", outcome switch
    {
        LookOutcome.Unchanged => "unchanged",
        LookOutcome.Increased => "increased",
        LookOutcome.Failed => "failed",
        _ => "ended",
    }));

    public static void Stopped() => Stops.Add(1);

    public static void GivenUp() => GivenUpPayments.Add(1);
}
