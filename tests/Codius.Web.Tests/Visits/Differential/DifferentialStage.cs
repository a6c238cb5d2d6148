using Codius.Testing;
using Codius.Web.Apps;
using Microsoft.Extensions.DependencyInjection;

namespace Codius.Web.Tests.Visits.Differential;

/// <summary>One app on a bare socket, reached directly and through two gateways, one of them with TLS.</summary>
public sealed class DifferentialStage : IAsyncLifetime
{
    private static readonly string[] Settings =
    [
        "Visits:PerClient:Burst=10000000", "Visits:PerClient:PerSecond=1000000", "Prices:PerRunningHour=0.000000001",
        // Each gateway sees its own visits alone, and would put the app to sleep while only the other one has some.
        "Sleeping:IdleAfter=01:00:00",
    ];

    private readonly TestAuthority _authority = new(GatewayUnderTest.Domain);
    private readonly FakeApps _apps = new();
    private GatewayUnderTest? _plain;
    private GatewayUnderTest? _secure;

    internal ScriptedApp App { get; } = new();

    internal GrpcApp GrpcApp { get; } = new();

    internal static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _plain = await StartAsync(null);
        _secure = await StartAsync(_authority);
        await GrpcApp.StartAsync();
        Awake(App.Port);
    }

    public async ValueTask DisposeAsync()
    {
        if (_plain is not null) await _plain.DisposeAsync();
        if (_secure is not null) await _secure.DisposeAsync();
        await App.DisposeAsync();
        await GrpcApp.DisposeAsync();
        _authority.Dispose();
    }

    /// <summary>Where a client of that kind connects to, and whom it trusts.</summary>
    internal (int Port, TestAuthority? Authority) EntranceOf(Wire wire) => wire switch
    {
        Wire.Http1 => (_plain!.Port, null),
        Wire.Http2 => (_plain!.Http2Port, null),
        _ => (_secure!.Port, _authority),
    };

    /// <summary>Sets which port the app listens on.</summary>
    internal void Awake(int port) => _apps.Set("hello", new AppState.Awake(new Uri($"http://127.0.0.1:{port}")));

    /// <summary>Sends it directly and through the gateway, and compares what the app got and what the client got.</summary>
    internal async Task CompareAsync(Exchange exchange, Wire wire)
    {
        App.Serve(exchange.Answer);
        var direct = await Http1Client.SendAsync(App.Port, null, exchange);
        var received = App.TakeReceived();
        Assert.NotNull(received);

        var answer = await SendAsync(exchange, wire);
        var forwarded = App.TakeReceived();
        if (forwarded is null || answer is null)
            throw new InvalidOperationException($"The gateway refused it: {answer?.Start} {answer?.Body}");

        Differences.AssertNone(
            "The app got", Differences.OfRequest(received, received, null), Differences.OfRequest(received, forwarded, wire));
        Differences.AssertNone("The client got", Differences.OfAnswer(direct, direct, wire), Differences.OfAnswer(direct, answer, wire));
    }

    /// <summary>Sends it through the gateway; null if the stream of HTTP/2 was reset instead of an answer.</summary>
    internal async Task<Message?> SendAsync(Exchange exchange, Wire wire)
    {
        var (port, authority) = EntranceOf(wire);
        return wire.IsHttp2() ? await Http2Client.SendAsync(port, authority, exchange)
            : await Http1Client.SendAsync(port, authority, exchange);
    }

    private async Task<GatewayUnderTest> StartAsync(TestAuthority? authority)
    {
        var gateway = await GatewayUnderTest.StartAsync(
            Settings, services => services.AddSingleton<IAppCatalog>(_apps).AddSingleton<IAppRunner>(_apps), authority: authority);
        _apps.Host("hello");
        await gateway.PayAsync("hello", 1_000_000 * VisitFixture.Price, CancellationToken.None);
        return gateway;
    }
}

/// <summary>The classes that share the stage; one after the other, since there is one app.</summary>
[CollectionDefinition(nameof(DifferentialSuite))]
public sealed class DifferentialSuite : ICollectionFixture<DifferentialStage>;
