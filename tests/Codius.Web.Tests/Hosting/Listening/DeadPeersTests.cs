using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Codius.Testing;
using Codius.Web.Hosting.Listening;
using Codius.Web.Tests.Visits;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Codius.Web.Tests.Hosting.Listening;

/// <summary>A client whose packets are lost is noticed, and does not keep an app awake and billed.</summary>
public sealed class DeadPeersTests
{
    private const int TimerColumn = 5;
    private const string KeepAliveTimer = "02";
    private static readonly string[] Tables = ["/proc/net/tcp", "/proc/net/tcp6"];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Probes_begin_after_a_quarter_of_the_time()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var client = new TcpClient();
        await client.ConnectAsync((IPEndPoint)listener.LocalEndpoint, Stop);

        DeadPeers.Notice(client.Client, TimeSpan.FromMinutes(4));

        Assert.Equal((1, 60, 30), (Option(SocketOptionLevel.Socket, SocketOptionName.KeepAlive),
            Option(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime),
            Option(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval)));

        int Option(SocketOptionLevel level, SocketOptionName name) => (int)client.Client.GetSocketOption(level, name)!;
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_accepted_connection_and_one_to_an_app_are_probed(bool toApp)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux shows the timers of its connections in /proc.");
        var open = new TaskCompletionSource();
        await using var visits = await VisitFixture.StartAsync(async context =>
        {
            await context.Response.Body.FlushAsync();
            await open.Task;
        });
        visits.Awake();

        using var answer = await visits.GetAsync();

        var (local, remote) = toApp ? (0, visits.Address.Address.Port) : (visits.Gateway.Port, 0);
        await Eventually.TrueAsync("a keep-alive timer runs", () => Connections().Any(row =>
            IsPort(row[1], local) && IsPort(row[2], remote) && row[TimerColumn].StartsWith(KeepAliveTimer, StringComparison.Ordinal)));
        open.SetResult();

        static IEnumerable<string[]> Connections() =>
            from file in Tables
            from line in File.ReadAllLines(file).Skip(1)
            select line.Split(' ', StringSplitOptions.RemoveEmptyEntries);

        static bool IsPort(string address, int port) =>
            port == 0 || int.Parse(address.Split(':')[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture) == port;
    }

    [Fact]
    public async Task HTTP2_connections_are_pinged()
    {
        await using var gateway = await GatewayUnderTest.StartAsync(["Gateway:DeadPeerTimeout=00:01:00"]);

        var limits = gateway.Services.GetRequiredService<IOptions<KestrelServerOptions>>().Value.Limits.Http2;

        Assert.Equal((TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(30)), (limits.KeepAlivePingDelay, limits.KeepAlivePingTimeout));
    }

    /// <summary>A real client, in a network of its own whose cable is then cut.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_client_whose_network_is_gone_frees_the_app(bool appSends)
    {
        using var network = CutNetwork.TryMake();
        Assert.SkipWhen(network is null, "Needs root, unshare and ip (iproute2), to cut off a client's network.");
        var cut = new TaskCompletionSource();
        await using var visits = await VisitFixture.StartAsync(
            async context =>
            {
                await context.Response.WriteAsync("begun\n");
                await context.Response.Body.FlushAsync();
                await cut.Task;
                if (appSends) await context.Response.WriteAsync("more");
                await context.Response.Body.FlushAsync();
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            },
            ["Gateway:Listen=*", "Gateway:DeadPeerTimeout=00:00:02"]);
        visits.Awake();
        using var client = network.Start(
            $"exec 3<>/dev/tcp/{CutNetwork.HostAddress}/{visits.Gateway.Port}; "
                + "printf 'GET / HTTP/1.1\\r\\nHost: hello.codius.test\\r\\n\\r\\n' >&3; cat <&3");
        string? line;
        do line = await client.StandardOutput.ReadLineAsync(Stop);
        while (line is not (null or "begun"));
        Assert.Equal(1, visits.Activity.Open("hello"));

        network.Cut();
        cut.SetResult();

        await Eventually.TrueAsync("the visit has ended", () => visits.Activity.Open("hello") == 0);
        client.Kill(entireProcessTree: true);
    }
}
