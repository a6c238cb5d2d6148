using System.Net.Http.Headers;
using Codius.Testing;
using Codius.Testing.Stores;
using Codius.Web.Apps;
using Codius.Web.Balances;
using Codius.Web.Hosting;
using Codius.Web.Payments.Streaming;
using Interledger.Net.IlpOverHttp;
using Interledger.Net.Spsp;
using Microsoft.Extensions.DependencyInjection;

namespace Codius.Web.Tests.Payments;

/// <summary>A gateway whose apps are fakes and whose payments are real: queried by SPSP, paid at <c>/ilp</c>, all over HTTP.</summary>
internal sealed class PayableGateway : IAsyncDisposable
{
    public const string ConnectorToken = "0123456789abcdef-the-connector";
    public const string AdminToken = "0123456789abcdef-the-admin";
    public const string HostSecret = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";

    /// <summary>The sandbox's connector owes play money, which is not bounded.</summary>
    public string UnboundedToken => Services.GetRequiredService<ConnectorTokens>().OfSandbox!;

    private readonly GatewayUnderTest _gateway;
    private readonly FakeApps _apps;
    private readonly TestAuthority? _authority;

    private PayableGateway(GatewayUnderTest gateway, FakeApps apps, TestAuthority? authority)
    {
        (_gateway, _apps, _authority) = (gateway, apps, authority);
        Http = gateway.Client();
        Management = new HttpClient(GatewayUnderTest.Handler(gateway.ManagementPort)) { BaseAddress = new Uri("http://management/") };
        Management.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", AdminToken);
    }

    public HttpClient Http { get; }

    public FakeApps Apps => _apps;

    public HttpClient Management { get; }

    public int Port => _gateway.Port;

    public int ManagementPort => _gateway.ManagementPort;

    public IServiceProvider Services => _gateway.Services;

    /// <summary>The host's public origin.</summary>
    public string Host => Names.Origin;

    private HostNames Names => Services.GetRequiredService<HostNames>();

    /// <param name="redis">A Redis to share; null for Garnet inside.</param>
    /// <param name="settings">Lines such as <c>Payments:Mode=Wallet</c>.</param>
    /// <param name="services">Replaces services.</param>
    /// <param name="authority">Makes all of it HTTPS; null for plain HTTP.</param>
    public static async Task<PayableGateway> StartAsync(
        RedisServer? redis = null, IEnumerable<string>? settings = null, Action<IServiceCollection>? services = null,
        TestAuthority? authority = null)
    {
        var apps = new FakeApps();
        string[] own =
        [
            $"Payments:Connectors:one={ConnectorToken}", $"Admin:Token={AdminToken}", $"Host:Secret={HostSecret}",
            "Payments:PerClientBurst=100000",
            .. redis is null ? Array.Empty<string>() : [$"Redis:ConnectionString={redis.ConnectionString}"],
        ];
        var gateway = await GatewayUnderTest.StartAsync([.. own, .. settings ?? []], collection =>
        {
            collection.AddFakeApps(apps);
            services?.Invoke(collection);
        }, authority: authority);
        return new PayableGateway(gateway, apps, authority);
    }

    /// <summary>A new app for one test, which can be paid.</summary>
    public string NewApp()
    {
        var name = "app-" + Guid.NewGuid().ToString("N")[..12];
        Deploy(name);
        return name;
    }

    /// <summary>Hosts an app under a name.</summary>
    public void Deploy(string name) => _apps.Host(name);

    /// <summary>Forwards visits to a real app, which wakes at once.</summary>
    public void Serve(string name, Uri app)
    {
        Deploy(name);
        _apps.OnWake = _ => new AppState.Awake(app);
    }

    /// <summary>The account in the ledger; null if there is none.</summary>
    public async Task<Balance?> ReadAsync(string account) =>
        await Services.GetRequiredService<IBalanceLedger>().ReadAsync(AccountId.OfApp(account), TestContext.Current.CancellationToken);

    public Task PayAsync(string account, ulong units) => _gateway.PayAsync(account, units, TestContext.Current.CancellationToken);

    public Task<Balance> BalanceAsync(string account) => _gateway.BalanceAsync(account, TestContext.Current.CancellationToken);

    public async Task<HttpResponseMessage> GetAsync(string url, string accept = SpspResponse.MediaType,
        params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.TryAddWithoutValidation("Accept", accept);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return await Http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    /// <summary>The SPSP response of an app's payment pointer.</summary>
    public async Task<SpspResponse> SetUpAsync(string app, params (string Name, string Value)[] headers)
    {
        using var response = await GetAsync(UrlOf(app) + ".well-known/pay", headers: headers);
        Assert.Equal(200, (int)response.StatusCode);
        var body = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        Assert.True(SpspResponse.TryParse(body, out var answer, out _));
        return answer;
    }

    public string UrlOf(string app) => Names.OriginOf(app) + "/";

    /// <summary>The link from a connector to this gateway.</summary>
    public IlpOverHttpClient Connector(string token = ConnectorToken) =>
        new(new IlpOverHttpClientOptions { Endpoint = new Uri(Host + "/ilp"), Token = token }, GatewayUnderTest.Handler(Port, _authority));

    public async Task<(int Status, string Text)> PostAsync(string path, string body, HttpClient? client = null)
    {
        using var content = new StringContent(body);
        using var response = await (client ?? Http)
            .PostAsync(client is null ? Host + path : path, content, TestContext.Current.CancellationToken);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    public async ValueTask DisposeAsync()
    {
        Management.Dispose();
        await _gateway.DisposeAsync();
    }
}
