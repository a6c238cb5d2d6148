using System.Net;
using System.Net.Sockets;
using Codius.Web.Balances.Storage;

namespace Codius.Web.Tests.Balances.Storage;

public sealed class RedisSocketsTests
{
    [Fact]
    public async Task A_call_that_does_not_arrive_is_lost_before_the_ledger_forgets_the_lease_that_it_was_for()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

        await new RedisSockets(TimeProvider.System).BeforeSocketConnectAsync(
            listener.LocalEndpoint, StackExchange.Redis.ConnectionType.Interactive, socket, TestContext.Current.CancellationToken);

        await socket.ConnectAsync(listener.LocalEndpoint, TestContext.Current.CancellationToken);
        var option = new byte[sizeof(int)];
        socket.GetRawSocketOption(6, 18, option);
        Assert.Equal(RedisSockets.Lost, TimeSpan.FromMilliseconds(BitConverter.ToInt32(option)));
        Assert.Contains("endedKeptMs, endedMost = 90000", LedgerScript.Read("account"), StringComparison.Ordinal);
    }
}
