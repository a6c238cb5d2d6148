using System.Net.Sockets;
using System.Text;
using Codius.Testing;
using Codius.Web.Apps;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Codius.Web.Tests.Visits;

/// <summary>A gateway with one app, <c>hello</c>, behind it: a real Kestrel app that answers what the test writes.</summary>
internal sealed class VisitFixture : IAsyncDisposable
{
    public const ulong Price = 10_000;

    // Settled soon; an hour awake costs one unit, so that only requests change the balance. Tests share a busy machine: a slow call to the
    // store is not what they test.
    private static readonly string[] Defaults =
        ["Leases:SettleEvery=00:00:00.1", "Prices:PerRunningHour=0.000000001", "Redis:Timeout=00:00:30"];

    private readonly WebApplication _app;
    private int _reached;

    private VisitFixture(WebApplication app, GatewayUnderTest gateway, FakeApps apps)
    {
        (_app, Gateway, Apps) = (app, gateway, apps);
        Address = new AppState.Awake(
            new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()));
        Client = gateway.Client();
    }

    public GatewayUnderTest Gateway { get; }

    public FakeApps Apps { get; }

    public AppState.Awake Address { get; }

    public HttpClient Client { get; }

    public AppActivity Activity => Gateway.Services.GetRequiredService<AppActivity>();

    /// <summary>Requests that reached the app.</summary>
    public int Reached => Volatile.Read(ref _reached);

    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <param name="answer">What the app does with a request.</param>
    /// <param name="settings">Settings of the gateway.</param>
    /// <param name="protocols">The app's protocols.</param>
    /// <param name="configure">Further setup of the app, such as gRPC; then <paramref name="answer"/> is not used.</param>
    /// <param name="services">Parts of the gateway to replace.</param>
    /// <param name="funds">Units paid to the app at first.</param>
    public static async Task<VisitFixture> StartAsync(
        RequestDelegate? answer = null,
        string[]? settings = null,
        HttpProtocols protocols = HttpProtocols.Http1,
        Action<WebApplication>? configure = null,
        Action<IServiceCollection>? services = null,
        ulong funds = 1_000 * Price)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddGrpc();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            // The app sees and sends values of headers as bytes, one a character.
            kestrel.RequestHeaderEncodingSelector = static _ => Encoding.Latin1;
            kestrel.ResponseHeaderEncodingSelector = static _ => Encoding.Latin1;
            kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen => listen.Protocols = protocols);
        });
        var app = builder.Build();
        VisitFixture? fixture = null;
        app.Use((context, next) =>
        {
            Interlocked.Increment(ref fixture!._reached);
            return next(context);
        });
        app.UseWebSockets();
        configure?.Invoke(app);
        if (configure is null) app.Run(answer ?? (context => context.Response.WriteAsync("hello")));
        await app.StartAsync();

        var apps = new FakeApps();
        var gateway = await GatewayUnderTest.StartAsync([.. Defaults, .. settings ?? []], replaced =>
        {
            replaced.AddFakeApps(apps);
            services?.Invoke(replaced);
        });
        fixture = new VisitFixture(app, gateway, apps);
        apps.Host("hello");
        if (funds > 0) await gateway.PayAsync("hello", funds, Cancellation);
        return fixture;
    }

    public void Awake() => Apps.Set("hello", Address);

    public Task<HttpResponseMessage> GetAsync(string path = "", string accept = "*/*", CancellationToken? cancellation = null)
    {
        var request = Request(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("Accept", accept);
        return SendAsync(request, cancellation);
    }

    public static HttpRequestMessage Request(HttpMethod method, string path = "") => new(method, GatewayUnderTest.UrlOf("hello") + path);

    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken? cancellation = null) =>
        Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation ?? Cancellation);

    /// <summary>The units spent so far, exactly: as long as anything is reserved or not yet settled, something is still leased.</summary>
    public async Task<ulong> SpentAsync()
    {
        await Eventually.TrueAsync("no visit is under way", () => Activity.Open("hello") == 0);
        return await Eventually.TrueAsync("everything is settled", async () =>
        {
            var balance = await Gateway.BalanceAsync("hello", Cancellation);
            Assert.Equal(balance.Credited, balance.Available + balance.Spent + balance.Leased);
            return balance.Leased == 0 ? balance.Spent : (ulong?)null;
        });
    }

    /// <summary>Sends raw text and reads the answer until the gateway closes or its head is complete.</summary>
    public async Task<string> SendRawAsync(string text, bool wholeAnswer = true)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync("127.0.0.1", Gateway.Port, Cancellation);
        var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(text), Cancellation);
        if (!wholeAnswer) return await ReadHeadAsync(stream);
        using var reader = new StreamReader(stream, Encoding.Latin1);
        return await reader.ReadToEndAsync(Cancellation);
    }

    public static async Task<string> ReadHeadAsync(Stream stream)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal) && await stream.ReadAsync(one, Cancellation) > 0)
            head.Append((char)one[0]);
        return head.ToString();
    }

    public async ValueTask DisposeAsync()
    {
        await Gateway.DisposeAsync();
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }
}
