using System.Net;
using System.Net.Sockets;
using Codius.Web.Balances.Storage;

namespace Codius.Web.Tests.Balances.Storage;

public sealed class RedisSocketsTests
{
    [Fact]
    public async Task A_connection_on_which_a_call_does_not_arrive_is_closed_after_half_a_minute()
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
    }
}
