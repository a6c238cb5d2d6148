using System.Net;
using System.Net.Http.Headers;
using System.Net.WebSockets;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Codius.Testing;
using Codius.Web.Apps;
using Codius.Web.Apps.Manifests;

namespace Codius.Web.ClusterTests.Cluster;

/// <summary>The requests of a developer and a visitor.</summary>
internal static class AppClient
{
    private static readonly ConditionalWeakTable<GatewayUnderTest, HttpClient> Clients = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>PUT /services/{name} with Alice's deploy token.</summary>
    public static async Task<HttpStatusCode> PutAsync(this GatewayUnderTest gateway, StoredApp app)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, $"http://{GatewayUnderTest.Domain}/services/{app.Name}");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", ClusterGateway.AlicesToken);
        var spec = JsonSerializer.Serialize(app.Spec, ManifestJson.Default.AppSpec);
        request.Content = new StringContent($$"""{"spec":{{spec}}}""", Encoding.UTF8, "application/json");
        using var response = await gateway.Patient().SendAsync(request, Cancellation);
        return response.StatusCode;
    }

    public static async Task<HttpStatusCode> DeleteAsync(this GatewayUnderTest gateway, string name)
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, $"http://{GatewayUnderTest.Domain}/services/{name}");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", ClusterGateway.AlicesToken);
        using var response = await gateway.Patient().SendAsync(request, Cancellation);
        return response.StatusCode;
    }

    public static async Task<(HttpStatusCode Status, string Text)> VisitAsync(this GatewayUnderTest gateway, string app)
    {
        using var response = await gateway.Patient().GetAsync(GatewayUnderTest.UrlOf(app), Cancellation);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(Cancellation));
    }

    public static async Task<ClientWebSocket> OpenSocketAsync(this GatewayUnderTest gateway, string app)
    {
        var socket = new ClientWebSocket();
        using var invoker = new HttpMessageInvoker(GatewayUnderTest.Handler(gateway.Port), disposeHandler: false);
        await socket.ConnectAsync(new Uri($"ws://{app}.{GatewayUnderTest.Domain}/echo"), invoker, Cancellation);
        return socket;
    }

    public static async Task<string> EchoAsync(this ClientWebSocket socket, string text)
    {
        await socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, Cancellation);
        var buffer = new byte[256];
        var received = await socket.ReceiveAsync(buffer, Cancellation);
        return Encoding.UTF8.GetString(buffer, 0, received.Count);
    }

    /// <summary>One client for each gateway; a first visit waits for a pod, on a machine that may be busy.</summary>
    private static HttpClient Patient(this GatewayUnderTest gateway) => Clients.GetValue(gateway, static made =>
    {
        var client = made.Client();
        client.Timeout = TimeSpan.FromMinutes(4);
        return client;
    });
}
