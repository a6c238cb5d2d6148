using System.Diagnostics.Metrics;
using System.Net;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Codius.Testing;
using Codius.Web.Apps.Kubernetes;
using Codius.Web.Hosting;
using Codius.Web.Hosting.Observability;
using Codius.Web.Tests.Payments;
using Interledger.Net.Packets;

namespace Codius.Web.Tests.Hosting.Observability;

/// <summary>
/// <c>docs/metrics.md</c> lists every instrument, as the program makes them. <c>CODIUS_WRITE_DOCS=1</c> writes the page anew.
/// </summary>
public sealed partial class MetricsPageTests
{
    private const string Rewrite = "CODIUS_WRITE_DOCS";
    private const string Start = "<!-- The tables, as written by a test. -->";
    private const string End = "<!-- The end of the tables. -->";

    /// <summary>The labels of the gateway's own instruments; what a gateway under test measures may have no others.</summary>
    private static readonly Dictionary<string, string[]> Labels = new(StringComparer.Ordinal)
    {
        ["codius.alerts"] = ["rule", "severity"],
        ["codius.alerts.deliveries"] = ["outcome"],
        ["codius.alerts.developer_deliveries"] = ["outcome"],
        ["codius.app.open"] = ["app"],
        ["codius.app.visits"] = ["app"],
        ["codius.apps"] = ["state"],
        ["codius.background.failures"] = ["work"],
        ["codius.certificate.end"] = ["port"],
        ["codius.certificate.usable"] = ["port"],
        ["codius.connector.owed"] = ["connector"],
        ["codius.credited"] = ["way"],
        ["codius.credits"] = ["way"],
        ["codius.credits.repeated"] = ["way"],
        ["codius.debited"] = ["for"],
        ["codius.ledger.calls"] = ["script", "answered"],
        ["codius.ledger.memory.limit"] = ["node"],
        ["codius.ledger.memory.used"] = ["node"],
        ["codius.pages.refused"] = ["endpoint", "reason"],
        ["codius.payments.refused"] = ["endpoint", "reason"],
        ["codius.requests.refused"] = ["endpoint"],
        ["codius.returned"] = ["for"],
        ["codius.sleeping.decisions"] = ["reason"],
        ["codius.visits"] = ["outcome", "charged"],
        ["codius.wallet.calls"] = ["kind", "outcome"],
        ["codius.wallet.looks"] = ["outcome"],
        ["codius.written.off"] = ["for"],
        ["db.client.operation.duration"] = ["db.system.name", "db.operation.name", "db.stored_procedure.name", "error.type"],
    };

    private static readonly string Page = Path.Combine(Repository.Root, "docs", "metrics.md");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_page_lists_every_instrument()
    {
        using var authority = new TestAuthority(GatewayUnderTest.Domain);
        await using var gateway = await PayableGateway.StartAsync(authority: authority);
        var instruments = await InstrumentsAsync(gateway);

        var tables = Tables(instruments);
        if (Environment.GetEnvironmentVariable(Rewrite) is "1") await WriteAsync(tables);

        var page = await File.ReadAllTextAsync(Page, Stop);
        var (start, end) = Between(page);
        Assert.Equal(tables, page[start..end]);
    }

    [Fact]
    public async Task A_scrape_after_traffic_has_no_name_that_the_page_has_not()
    {
        await using var app = await CountedApp.StartAsync();
        await using var gateway = await PayableGateway.StartAsync();
        await PayAndVisitAsync(gateway, app);
        var page = await File.ReadAllTextAsync(Page, Stop);

        var scraped = ScrapedName().Matches(await gateway.Management.GetStringAsync("/metrics", Stop))
            .Select(match => match.Groups[1].Value).Distinct().ToList();

        Assert.Contains("codius_visits_total", scraped);
        Assert.Contains("dotnet_gc_collections_total", scraped);
        Assert.DoesNotContain(scraped, name => name is not "target_info" && !page.Contains($"`{name}`", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_instrument_has_no_label_that_the_page_has_not()
    {
        var strange = new HashSet<string>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, listening) =>
        {
            if (instrument.Meter.Name == Telemetry.Name) listening.EnableMeasurementEvents(instrument);
        };
        Observe<int>();
        Observe<long>();
        Observe<double>();
        listener.Start();
        await using var app = await CountedApp.StartAsync();
        await using var gateway = await PayableGateway.StartAsync();
        await PayAndVisitAsync(gateway, app);
        listener.RecordObservableInstruments();

        lock (strange) Assert.Empty(strange);

        void Observe<T>() where T : struct => listener.SetMeasurementEventCallback<T>((instrument, _, tags, _) =>
        {
            foreach (var (name, _) in tags)
                if (!Labels.GetValueOrDefault(instrument.Name, []).Contains(name))
                    lock (strange)
                        strange.Add($"{instrument.Name}: {name}");
        });
    }

    [Fact]
    public async Task Durations_are_told_apart_below_a_second()
    {
        await using var gateway = await PayableGateway.StartAsync();

        var durations = (await InstrumentsAsync(gateway)).OfType<Histogram<double>>().Where(instrument => instrument.Unit == "s").ToList();

        Assert.Contains(durations, instrument => instrument.Name == "codius.wake.wait");
        Assert.All(durations, instrument => Assert.InRange(instrument.Advice!.HistogramBucketBoundaries![0], 0.0001, 0.1));
    }

    private static async Task PayAndVisitAsync(PayableGateway gateway, CountedApp app)
    {
        var name = gateway.NewApp();
        gateway.Serve(name, app.Address);
        var payer = new PacketMaker(await gateway.SetUpAsync(name));
        using var connector = gateway.Connector();
        Assert.IsType<IlpFulfill>(await PacketMaker.SendAsync(connector, payer.Money(1_000_000)));
        using var visit = await gateway.Http.GetAsync(new Uri(gateway.UrlOf(name)), Stop);
        Assert.Equal(HttpStatusCode.OK, visit.StatusCode);
    }

    private static async Task<IReadOnlyList<Instrument>> InstrumentsAsync(PayableGateway gateway)
    {
        // Those in static fields are made when their class is first used.
        var types = typeof(Gateway).Assembly.GetTypes().Where(type => !type.ContainsGenericParameters && type
            .GetFields(BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public)
            .Any(field => typeof(Instrument).IsAssignableFrom(field.FieldType)));
        foreach (var type in types) RuntimeHelpers.RunClassConstructor(type.TypeHandle);
        // Only a gateway in a cluster has these; they are read by nobody here.
        using var ofCluster = new Meter(Telemetry.Name);
        new ClusterAlerts(null!, null!, null!).AddTo(ofCluster);
        // Those of the framework's HTTP client are made when it is first used.
        using var health = await gateway.Management.GetAsync("/health/ready", Stop);
        _ = await Dns.GetHostAddressesAsync("localhost", Stop);

        var found = new List<Instrument>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, _) => found.Add(instrument);
        listener.Start();
        string[] meters = [Telemetry.Name, .. TelemetryRegistration.StandardMeters, TelemetryRegistration.RequestsMeter];
        return [.. found
            .Where(instrument => meters.Contains(instrument.Meter.Name))
            .Where(instrument => !MetricViews.Dropped.Contains(instrument.Name))
            .DistinctBy(instrument => instrument.Name)
            .OrderBy(instrument => Array.IndexOf(meters, instrument.Meter.Name))
            .ThenBy(instrument => instrument.Name, StringComparer.Ordinal)];
    }

    private static string Tables(IEnumerable<Instrument> instruments) => string.Concat(
        instruments.GroupBy(instrument => instrument.Meter.Name).Select(meter => $"""


            ### {meter.Key}

            | metric | in Prometheus | type | unit | labels | meaning |
            |---|---|---|---|---|---|
            {string.Join('\n', meter.Select(Row))}
            """)) + "\n\n";

    private static string Row(Instrument instrument)
    {
        var (type, suffix) = instrument.GetType().Name.Split('`')[0] switch
        {
            "Counter" or "ObservableCounter" => ("counter", "_total"),
            "Histogram" => ("histogram", ""),
            _ => ("gauge", ""),
        };
        var labels = instrument.Meter.Name == Telemetry.Name
            ? string.Join(", ", Labels.GetValueOrDefault(instrument.Name, []).Select(label => $"`{label.Replace('.', '_')}`"))
            : MetricViews.Outbound.Contains(instrument.Meter.Name) ? "as the framework has them, but not whom it calls"
            : "as the framework has them";
        var name = InvalidInName().Replace(instrument.Name, "_") + UnitIn(instrument.Unit) + suffix;
        return $"| `{instrument.Name}` | `{name}` | {type} | {UnitOf(instrument.Unit)} | {labels} | {instrument.Description} |";
    }

    private static string UnitOf(string? unit) => unit is null or "" or "1" ? "" : unit.Trim('{', '}');

    // The exporter leaves out what is in braces.
    private static string UnitIn(string? unit) => unit switch
    {
        "s" => "_seconds",
        "By" => "_bytes",
        null or "" or "1" or ['{', ..] => "",
        _ => "_" + unit,
    };

    private static async Task WriteAsync(string tables)
    {
        var page = await File.ReadAllTextAsync(Page, Stop);
        var (start, end) = Between(page);
        await File.WriteAllTextAsync(Page, page[..start] + tables + page[end..], Stop);
    }

    private static (int Start, int End) Between(string page) =>
        (page.IndexOf(Start, StringComparison.Ordinal) + Start.Length, page.IndexOf(End, StringComparison.Ordinal));

    [GeneratedRegex("[^A-Za-z0-9_]")]
    private static partial Regex InvalidInName();

    [GeneratedRegex(@"^# TYPE (\S+) ", RegexOptions.Multiline)]
    private static partial Regex ScrapedName();
}
