using System.Net;
using System.Net.Sockets;
using OpenPayments.Net.Clients;

namespace OpenPayments.Net.Tests.Clients;

public sealed class GuardedHttpTests
{
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("0.0.0.0")]
    [InlineData("10.1.2.3")]
    [InlineData("100.64.0.1")]
    [InlineData("169.254.169.254")]
    [InlineData("172.31.255.255")]
    [InlineData("192.168.1.1")]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("::1")]
    [InlineData("::")]
    [InlineData("fe80::1")]
    [InlineData("fd00::1")]
    [InlineData("::ffff:10.0.0.1")]
    [InlineData("64:ff9b::a00:1")]
    [InlineData("2002:a00:1::1")]
    [InlineData("2001:db8::1")]
    [InlineData("2001::1")]
    [InlineData("ff02::1")]
    public void Addresses_of_this_machine_and_its_neighbours_are_not_public(string address) =>
        Assert.False(PublicAddresses.IsPublic(IPAddress.Parse(address)));

    [Theory]
    [InlineData("1.1.1.1")]
    [InlineData("172.32.0.1")]
    [InlineData("100.128.0.1")]
    [InlineData("2606:4700::1111")]
    [InlineData("::ffff:8.8.8.8")]
    public void Addresses_of_the_internet_are_public(string address) => Assert.True(PublicAddresses.IsPublic(IPAddress.Parse(address)));

    [Theory]
    [InlineData("http://wallet.example/alice")]
    [InlineData("https://wallet.example:8443/alice")]
    [InlineData("https://10.0.0.1/alice")]
    [InlineData("https://[::1]/alice")]
    [InlineData("ftp://wallet.example/alice")]
    public void Only_https_on_its_own_port_of_a_named_host_is_asked(string url) =>
        Assert.False(GuardedHttp.IsAllowed(new Uri(url), insecure: false));

    [Fact]
    public void A_fetch_takes_no_longer_than_three_seconds()
    {
        using var http = GuardedHttp.Create(insecure: false);
        Assert.Equal(TimeSpan.FromSeconds(3), http.Timeout);
    }

    [Fact]
    public async Task A_name_that_resolves_to_loopback_is_never_connected_to()
    {
        using var http = GuardedHttp.Create(insecure: false);

        var refused = await Assert.ThrowsAsync<HttpRequestException>(() =>
            http.GetAsync(new Uri("https://localhost/"), TestContext.Current.CancellationToken));

        Assert.Contains("no public address", refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task However_many_hosts_are_named_so_many_connections_are_open_and_their_places_are_free_again()
    {
        using var silent = new TcpListener(IPAddress.Any, 0);
        silent.Start(backlog: 1_000);
        var port = ((IPEndPoint)silent.LocalEndpoint).Port;
        using var http = GuardedHttp.Create(insecure: true, timeout: TimeSpan.FromMinutes(2));
        using var end = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);

        var fetches = Enumerable.Range(1, GuardedHttp.MaxConnections + 50)
            .Select(host => http.GetAsync(new Uri($"http://127.0.{host / 250 + 1}.{host % 250 + 1}:{port}/"), end.Token)).ToList();
        for (var refused = 0; refused < 50; refused++)
        {
            var first = await Task.WhenAny(fetches);
            fetches.Remove(first);
            Assert.Contains("connections are open", (await Assert.ThrowsAsync<HttpRequestException>(() => first)).ToString());
        }
        Assert.All(fetches, fetch => Assert.False(fetch.IsCompleted));
        await end.CancelAsync();
        foreach (var fetch in fetches) await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fetch);

        // The last connections may be closed a moment later.
        for (var again = true; again; await Task.Yield())
        {
            var fetch = http.GetAsync(new Uri($"http://127.0.9.1:{port}/"), TestContext.Current.CancellationToken);
            again = await Task.WhenAny(fetch, AnswerAllAsync(silent)) == fetch && fetch.IsFaulted;
            if (!again) Assert.Equal(HttpStatusCode.OK, (await fetch).StatusCode);
        }
    }

    private static async Task AnswerAllAsync(TcpListener host)
    {
        while (true)
        {
            using var connection = await host.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
            try
            {
                _ = await connection.GetStream().ReadAsync(new byte[4096], TestContext.Current.CancellationToken);
                await connection.GetStream().WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray());
            }
            catch (IOException)
            {
                // One of those that were given up.
            }
        }
    }

    [Fact]
    public async Task A_host_that_hangs_up_at_once_is_as_one_that_cannot_be_reached()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var done = new CancellationTokenSource();
        var hangingUp = HangUpAsync(listener, done.Token);
        using var http = GuardedHttp.Create(insecure: true);
        var url = new Uri($"http://{listener.LocalEndpoint}/");

        // It takes many attempts for a reset to arrive between the connect and the first look at the connection.
        await Parallel.ForAsync(0, 2_000, TestContext.Current.CancellationToken, async (_, stop) =>
            await Assert.ThrowsAsync<HttpRequestException>(() => http.GetAsync(url, stop)));

        await done.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => hangingUp);
    }

    private static async Task HangUpAsync(TcpListener listener, CancellationToken done)
    {
        while (true) (await listener.AcceptSocketAsync(done)).Close(timeout: 0);
    }
}
