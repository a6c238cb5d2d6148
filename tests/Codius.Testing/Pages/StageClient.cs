using System.Net;
using System.Net.Sockets;

namespace Codius.Testing.Pages;

/// <summary>Reaches a stage under each of its names: not every resolver maps names under localhost to this machine.</summary>
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

    /// <summary>Requests a page as a browser navigates to it.</summary>
    public static Task<HttpResponseMessage> NavigateAsync(
        this HttpClient client, string url, CancellationToken cancellation, HttpMethod? method = null)
    {
        var request = new HttpRequestMessage(method ?? HttpMethod.Get, url);
        request.Headers.Add("Sec-Fetch-Mode", "navigate");
        request.Headers.Add("Accept", "text/html");
        return client.SendAsync(request, cancellation);
    }
}
