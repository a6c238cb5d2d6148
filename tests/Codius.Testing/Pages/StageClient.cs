using System.Net;
using System.Net.Sockets;

namespace Codius.Testing.Pages;

/// <summary>Speaks to a stage by any of its names: not every resolver knows that names under localhost are this machine.</summary>
internal static class StageClient
{
    public static HttpClient Client(this PageStage stage) => new(new SocketsHttpHandler
    {
        UseProxy = false,
        ConnectCallback = async (_, cancellation) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(IPAddress.Loopback, stage.Port, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        },
    });

    /// <summary>Asks as a browser does for a page.</summary>
    public static Task<HttpResponseMessage> NavigateAsync(this HttpClient client, string url, CancellationToken cancellation,
        HttpMethod? method = null)
    {
        var request = new HttpRequestMessage(method ?? HttpMethod.Get, url);
        request.Headers.Add("Sec-Fetch-Mode", "navigate");
        request.Headers.Add("Accept", "text/html");
        return client.SendAsync(request, cancellation);
    }
}
