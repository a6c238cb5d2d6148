using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Codius.Web;
using Codius.Web.Balances;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace Codius.Testing;

/// <summary>
/// The whole gateway, started as the program starts it, on free ports and with a data folder of its own. Its host is
/// <c>codius.test</c>; clients made here reach it under every name.
/// </summary>
internal sealed class GatewayUnderTest : IAsyncDisposable
{
    public const string Domain = "codius.test";

    private readonly WebApplication _app;
    private readonly string _folder;
    private readonly bool _ownsFolder;
    private readonly TestAuthority? _authority;
    private readonly List<IDisposable> _clients = [];

    private GatewayUnderTest(WebApplication app, string folder, bool ownsFolder, TestAuthority? authority)
    {
        _authority = authority;
        _app = app;
        _folder = folder;
        _ownsFolder = ownsFolder;
        // In the order in which they were opened.
        var ports = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses
            .Select(address => new Uri(address).Port).ToArray();
        Port = ports[0];
        Http2Port = ports[1];
        ManagementPort = ports[2];
        WebhookPort = ports.ElementAtOrDefault(3);
    }

    public int Port { get; }

    public int Http2Port { get; }

    public int ManagementPort { get; }

    /// <summary>0 if it has none.</summary>
    public int WebhookPort { get; }

    public IServiceProvider Services => _app.Services;

    /// <param name="settings">Lines such as <c>Visits:PerClient:Burst=3</c>; later ones win.</param>
    /// <param name="services">Replaces services, such as the apps.</param>
    /// <param name="folder">A data folder that outlives this gateway; null for one of its own.</param>
    /// <param name="authority">
    /// Makes the visits port use TLS with its certificate, under a public URL with that port; null for plain HTTP.
    /// </param>
    public static async Task<GatewayUnderTest> StartAsync(
        IEnumerable<string>? settings = null, Action<IServiceCollection>? services = null, string? folder = null,
        TestAuthority? authority = null)
    {
        var data = folder ?? Directory.CreateTempSubdirectory("codius-gateway-").FullName;
        if (authority is not null) settings = [.. Tls(authority, FreePort.Find()), .. settings ?? []];
        string[] defaults =
        [
            "environment=Development", $"Host:PublicUrl=http://{Domain}", "Gateway:Listen=127.0.0.1", $"Gateway:DataFolder={data}",
            "Gateway:Port=0", "Gateway:Http2Port=0", "Gateway:ManagementPort=0", "Gateway:DrainTimeout=00:00:01",
        ];
        var args = defaults.Concat(settings ?? []).Select(setting => "--" + setting).ToArray();
        var app = Gateway.Build(args, builder => services?.Invoke(builder.Services));
        await app.StartAsync();
        return new GatewayUnderTest(app, data, folder is null, authority);
    }

    public static string UrlOf(string app) => $"http://{app}.{Domain}/";

    /// <summary>A client whose requests all arrive at the gateway's visits port; <paramref name="http2"/> ones at its h2c port.</summary>
    public HttpClient Client(bool http2 = false)
    {
        // Short: an answer that takes longer never comes.
        var client = new HttpClient(Handler(http2 ? Http2Port : Port, _authority)) { Timeout = TimeSpan.FromMinutes(2) };
        if (http2)
        {
            client.DefaultRequestVersion = new Version(2, 0);
            client.DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        }
        _clients.Add(client);
        return client;
    }

    /// <summary>Connects to a port of the gateway, whichever host a request names.</summary>
    public static SocketsHttpHandler Handler(int port, TestAuthority? authority = null) => new()
    {
        SslOptions = authority?.Trust ?? new SslClientAuthenticationOptions(),
        UseProxy = false,
        AllowAutoRedirect = false,
        // Values of headers are bytes, one a character.
        RequestHeaderEncodingSelector = static (_, _) => Encoding.Latin1,
        ResponseHeaderEncodingSelector = static (_, _) => Encoding.Latin1,
        ConnectCallback = async (_, cancellation) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync("127.0.0.1", port, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        },
    };

    private static string[] Tls(TestAuthority authority, int port) =>
    [
        $"Host:PublicUrl=https://{Domain}:{port}",
        $"Gateway:Port={port}",
        $"Gateway:CertificateFile={authority.CertificateFile}",
        $"Gateway:CertificateKeyFile={authority.KeyFile}",
    ];

    /// <summary>Pays an account a number of units, as the host itself would adjust it.</summary>
    public async Task PayAsync(string account, ulong units, CancellationToken cancellation)
    {
        var (ledger, id) = (Services.GetRequiredService<IBalanceLedger>(), Guid.NewGuid().ToString("n"));
        var result = await ledger.AdjustAsync(AccountId.OfApp(account), checked((long)units), id, "a test", "a test", cancellation);
        if (result.Outcome != SpendOutcome.Done) throw new InvalidOperationException($"The payment ended as {result.Outcome}");
    }

    public async Task<Balance> BalanceAsync(string account, CancellationToken cancellation) =>
        await Services.GetRequiredService<IBalanceLedger>().ReadAsync(AccountId.OfApp(account), cancellation) ?? default;

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients) client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        if (_ownsFolder) Directory.Delete(_folder, recursive: true);
    }
}
