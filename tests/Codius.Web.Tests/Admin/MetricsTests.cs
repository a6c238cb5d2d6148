using System.Globalization;
using System.Text.RegularExpressions;
using Codius.Testing;
using Codius.Web.Tests.Payments;
using Interledger.Net.Packets;

namespace Codius.Web.Tests.Admin;

/// <summary>The metrics of money. Other tests' gateways count on the same meter, so only lower bounds can be asserted.</summary>
public sealed partial class MetricsTests
{
    private const string Credited = "codius_credited_total";
    private const string Debited = "codius_debited_total";

    // An interval of running time is a minute.
    private const double Interval = 1_000_000;
    private const ulong Paid = 5_000_000;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Units_that_come_in_and_units_that_are_debited_are_counted_each_by_one_metric()
    {
        await using var app = await CountedApp.StartAsync();
        await using var gateway = await PayableGateway.StartAsync(settings: ["Prices:PerRunningHour=0.06"]);
        var name = gateway.NewApp();
        gateway.Serve(name, app.Address);
        var before = await ReadAsync(gateway);

        var payer = new PacketMaker(await gateway.SetUpAsync(name));
        using var connector = gateway.Connector();
        Assert.IsType<IlpFulfill>(await PacketMaker.SendAsync(connector, payer.Money(Paid)));
        using var visit = await gateway.Http.GetAsync(new Uri(gateway.UrlOf(name)), Stop);
        Assert.Equal(200, (int)visit.StatusCode);

        var after = await Eventually.TrueAsync<Metrics>("both are counted", async () =>
        {
            var now = await ReadAsync(gateway);
            return now.Of(Credited, "way", "packet") >= before.Of(Credited, "way", "packet") + Paid
                && now.Of(Debited, "for", "running") >= before.Of(Debited, "for", "running") + Interval
                && now.Of(Debited, "for", "requests") > before.Of(Debited, "for", "requests") ? now : null;
        });
        // Payments, repeats and units: a second metric of the units would sooner or later differ from the first.
        Assert.Empty(after.Names.Where(known => known.Contains("credit", StringComparison.Ordinal))
            .Except([Credited, "codius_credits_total", "codius_credits_repeated_total"]));
        Assert.DoesNotContain(after.Names, known => known.Contains("running", StringComparison.Ordinal));
    }

    private static async Task<Metrics> ReadAsync(PayableGateway gateway) =>
        new([.. Line().Matches(await gateway.Management.GetStringAsync("/metrics", Stop)).Select(line =>
            (line.Groups["name"].Value, line.Groups["tags"].Value,
                double.Parse(line.Groups["value"].Value, CultureInfo.InvariantCulture)))]);

    [GeneratedRegex(@"^(?<name>codius_\w+)\{(?<tags>[^}]*)\} (?<value>\S+)", RegexOptions.Multiline)]
    private static partial Regex Line();

    private readonly record struct Metrics(IReadOnlyList<(string Name, string Tags, double Value)> Samples)
    {
        public IEnumerable<string> Names => Samples.Select(sample => sample.Name);

        public double Of(string name, string tag, string value) => Samples
            .Where(sample => sample.Name == name && sample.Tags.Contains($"{tag}=\"{value}\"", StringComparison.Ordinal))
            .Sum(sample => sample.Value);
    }
}
