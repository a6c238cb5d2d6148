using System.Globalization;
using System.Net.Http.Json;
using Codius.Testing;
using Codius.Testing.Stores;
using Codius.Web.Balances;
using Codius.Web.JourneyTests.Journey;
using Interledger.Net.IlpOverHttp;

namespace Codius.Web.JourneyTests.Faults;

/// <summary>
/// Two gateways in processes of their own, each with the sample app, on one Redis that writes to disk before it answers; visitors and
/// payers at both.
/// </summary>
public sealed class FaultStage : IAsyncLifetime
{
    public const ulong Price = 10_000;

    /// <summary>The most units that an app's running time costs meanwhile: a unit an hour, and one at each wake.</summary>
    public const ulong RunningTime = 5;

    private const string App = "hello";
    private const string PrepaidApp = "prepaid";
    private const string Seconds = "CODIUS_FAULT_SECONDS";
    private const string ConnectorToken = "0123456789abcdef-the-connector";
    private const ulong Funds = 100_000_000_000;

    private static readonly string[] Tokens = [.. "abc".Select(letter => "0123456789abcdef-" + letter)];
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(1.5);

    private readonly TemporaryFolder _folder = new();
    private readonly int[] _ports = [FreePort.Find(), FreePort.Find()];
    private readonly int[] _managementPorts = [FreePort.Find(), FreePort.Find()];

    /// <summary>True if a command runs the faults, on a machine that does nothing else: only then times are bounded.</summary>
    public static bool IsTimed { get; } = Environment.GetEnvironmentVariable(Seconds) is not null;

    /// <summary>How long each fault lasts, at least.</summary>
    public static TimeSpan Span { get; } = TimeSpan.FromSeconds(
        double.Parse(Environment.GetEnvironmentVariable(Seconds) ?? "4", CultureInfo.InvariantCulture));

    /// <summary>What takes longer never comes.</summary>
    internal static TimeSpan Patience { get; } = TimeSpan.FromSeconds(60);

    internal static TimeSpan LeaseLifetime { get; } = new Balances.Leases.LeaseOptions().Lifetime;

    internal static CancellationToken Stop => TestContext.Current.CancellationToken;

    internal RedisServer Redis { get; } = new();

    internal FaultyLink[] Links { get; private set; } = [];

    internal StartedProgram[] Gateways { get; } = new StartedProgram[2];

    internal IReadOnlyList<Payer> Payers { get; private set; } = [];

    internal ReliabilityPage Page { get; } = new();

    private Visitors[] Visitors { get; set; } = [];

    private IlpOverHttpClient[] Connectors { get; set; } = [];

    public async ValueTask InitializeAsync()
    {
        await Redis.StartAsync(Stop);
        Links = [new FaultyLink(Redis), new FaultyLink(Redis)];
        // One after the other: the first deploys the sample app.
        for (var i = 0; i < Gateways.Length; i++) await StartGatewayAsync(i);
        Visitors = [.. _ports.Select(port => new Visitors(port))];
        Connectors =
        [
            .. _ports.Select(port => new IlpOverHttpClient(
                new IlpOverHttpClientOptions
                {
                    Endpoint = new Uri($"http://{GatewayUnderTest.Domain}/ilp"), Token = ConnectorToken, Timeout = TimeSpan.FromSeconds(5),
                }, GatewayUnderTest.Handler(port))),
        ];
        Payers =
        [
            await PayerOfAsync(AccountId.OfApp(App), GatewayUnderTest.UrlOf(App) + ".well-known/pay"),
            .. await Task.WhenAll(Tokens.Select(async token =>
            {
                var account = AccountId.OfDeployToken(token);
                return await PayerOfAsync(account, $"http://{GatewayUnderTest.Domain}/pay/{account}");
            })),
        ];
        foreach (var payer in Payers) await payer.PayAsync(Funds);
        await DeployAsync(Tokens[0]);
        var prepaid = await PayerOfAsync(AccountId.OfApp(PrepaidApp), GatewayUnderTest.UrlOf(PrepaidApp) + ".well-known/pay");
        // For its running time, and not enough for a visit.
        await prepaid.PayAsync(Price / 2);
        Payers = [Payers[0], prepaid, .. Payers.Skip(1)];
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var payer in Payers) payer.Dispose();
        foreach (var connector in Connectors) connector.Dispose();
        foreach (var visitors in Visitors) visitors.Dispose();
        foreach (var gateway in Gateways.Where(gateway => gateway is not null)) await gateway.DisposeAsync();
        foreach (var link in Links) await link.DisposeAsync();
        await Redis.DisposeAsync();
        _folder.Dispose();
        await Page.SaveAsync(Span);
    }

    /// <summary>Starts one, also after it was killed: on the same folder, where it finds the app that it left behind.</summary>
    internal async Task StartGatewayAsync(int i)
    {
        if (Gateways[i] is { } before) await before.DisposeAsync();
        var data = Directory.CreateDirectory(_folder[$"gateway{i}"]).FullName;
        Gateways[i] = await StartedProgram.StartAsync(_ports[i], _managementPorts[i], data,
        [
            $"Host:PublicUrl=http://{GatewayUnderTest.Domain}", "Host:Secret=MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
            "Gateway:Listen=127.0.0.1", "Gateway:PerClient=100000", "Gateway:PerClientBurst=1000000",
            $"Redis:ConnectionString={Links[i].ConnectionString}", $"Payments:Connectors:one={ConnectorToken}",
            "Payments:MaxUnsettled=1000000", "Payments:PerClientBurst=1000000", "Visits:PerClient:PerSecond=1000000",
            "Visits:PerClient:Burst=1000000",
            // So that only requests show in the balance.
            "Prices:PerRunningHour=0.000000001",
        ], Stop);
    }

    /// <summary>Lets the load run on while the fault lasts.</summary>
    internal static Task PassAsync(TimeSpan? least = null)
    {
        var span = least > Span ? least.Value : Span;
        var start = TimeProvider.System.GetTimestamp();
        return Eventually.TrueAsync("time passes", () => TimeProvider.System.GetElapsedTime(start) >= span, span + Patience);
    }

    /// <summary>Visits and pays, inflicts the fault, goes on until all is well again, and reads the books.</summary>
    internal async Task<FaultResult> RunAsync(Fault fault)
    {
        var before = await SettledAsync();
        var first = new VisitLogs();
        var logs = first;
        using var enough = new CancellationTokenSource();
        var load = Task.WhenAll(
            [.. Visitors.Select((visitors, i) => visitors.VisitAsync(GatewayUnderTest.UrlOf(App), () => logs.Funded[i], enough.Token)),
                new PrepaidVisitors(Visitors, Payers[1]).VisitAsync(
                    GatewayUnderTest.UrlOf(PrepaidApp), (int)(before[1].Balance.Available / Price), () => logs.Prepaid, enough.Token),
                AccountBook.WatchAsync(Redis, Payers, enough.Token),
                .. Payers.Where(payer => payer != Payers[1]).Select(payer => payer.PayUntilAsync(enough.Token))]);
        TimeSpan lasted;
        TimeSpan[] recovered;
        try
        {
            await Eventually.TrueAsync(
                "both gateways answer visits",
                () => first.Funded.All(log => log.IsGoodFor(Rest)) && first.All.All(log => log.Good > 100), Patience);
            // The first visits may have waited for the app, or for Redis after the fault before; that is not this fault's doing.
            logs = new VisitLogs();
            var begin = TimeProvider.System.GetTimestamp();
            await fault.InflictAsync(this);
            var end = TimeProvider.System.GetTimestamp();
            // A recall on a busy machine may make one of these wait, so one 200 is enough.
            await Eventually.TrueAsync(
                $"the app with little left gets a 200 after: {fault.Name}", () => logs.Prepaid.IsGoodSince(end), Patience);
            var ofRest = TimeProvider.System.GetElapsedTime(end);
            await Eventually.TrueAsync(
                $"visits get 200 again after: {fault.Name}", () => logs.Funded.All(log => log.IsGoodFor(Rest)), Patience);
            TimeSpan[] ofFunded = [.. logs.Funded.Select(log => log.BadAfter(end))];
            recovered = [.. ofFunded, ofRest];
            lasted = TimeProvider.System.GetElapsedTime(begin, end) + ofFunded.Max();
        }
        finally
        {
            await enough.CancelAsync();
        }
        await load;
        return new FaultResult(fault, first, logs, lasted, recovered, before, await SettledAsync());
    }

    /// <summary>The books once nothing is leased; each account's add up whenever they are read.</summary>
    private Task<AccountBook[]> SettledAsync() => AccountBook.SettledAsync(Redis, Payers, Patience);

    private async Task DeployAsync(string token)
    {
        using var http = new HttpClient(GatewayUnderTest.Handler(_ports[0]));
        using var request = new HttpRequestMessage(HttpMethod.Put, $"http://{GatewayUnderTest.Domain}/services/{PrepaidApp}")
        {
            Headers = { Authorization = new("Bearer", token) },
            Content = JsonContent.Create(new { spec = new { port = 8080, containers = new[] { new { name = "app", image = App } } } }),
        };
        using var answer = await http.SendAsync(request, Stop);
        answer.EnsureSuccessStatusCode();
        await Eventually.TrueAsync("both gateways host it", async () =>
        {
            var pointer = GatewayUnderTest.UrlOf(PrepaidApp) + ".well-known/pay";
            var answers = await Task.WhenAll(_ports.Select(async port =>
            {
                using var client = new HttpClient(GatewayUnderTest.Handler(port));
                return await client.GetAsync(pointer, Stop);
            }));
            return answers.All(each => each.IsSuccessStatusCode) ? true : (bool?)null;
        }, Patience);
    }

    private async Task<Payer> PayerOfAsync(AccountId account, string url)
    {
        using var http = new HttpClient(GatewayUnderTest.Handler(_ports[0]));
        return new Payer(account, await Payer.QueryAsync(http, url, Stop), Connectors);
    }
}
