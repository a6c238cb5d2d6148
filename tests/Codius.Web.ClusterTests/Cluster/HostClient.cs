using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Codius.Web.Apps;
using Codius.Web.Apps.Manifests;
using Codius.Web.Balances;
using Interledger.Net.IlpOverHttp;
using Interledger.Net.Spsp;
using Interledger.Net.Streaming.Sending;

namespace Codius.Web.ClusterTests.Cluster;

/// <summary>Requests of developers, payers and visitors to one address of a host inside the cluster.</summary>
/// <param name="name">The name of the pod.</param>
/// <param name="address">The address of all names of the host.</param>
internal sealed class HostClient(string name, IPEndPoint address) : IDisposable
{
    public string Name => name;

    private const string Host = "codius.example";

    private HttpClient Http => field ??= new HttpClient(Handler()) { Timeout = TimeSpan.FromMinutes(4) };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>PUT /services/{name} with Alice's deploy token.</summary>
    public async Task<HttpStatusCode> PutAsync(StoredApp app)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, $"http://{Host}/services/{app.Name}");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", ClusterGateway.AlicesToken);
        request.Content = new StringContent(
            $$"""{"spec":{{JsonSerializer.Serialize(app.Spec, ManifestJson.Default.AppSpec)}}}""", Encoding.UTF8, "application/json");
        using var response = await Http.SendAsync(request, Cancellation);
        return response.StatusCode;
    }

    public async Task<HttpStatusCode> VisitAsync(string app)
    {
        using var response = await Http.GetAsync($"http://{app}.{Host}/", Cancellation);
        await response.Content.LoadIntoBufferAsync(Cancellation);
        return response.StatusCode;
    }

    /// <summary>The same on a connection of its own.</summary>
    public async Task<HttpStatusCode> VisitAnewAsync(string app)
    {
        using var fresh = new HostClient(name, address);
        return await fresh.VisitAsync(app);
    }

    public Task<ulong> PayAppAsync(string app, ulong units, HostClient through) =>
        PayAsync($"http://{app}.{Host}/.well-known/pay", units, through);

    public Task<ulong> PayTokenAsync(AccountId account, ulong units) => PayAsync($"http://{Host}/pay/{account}", units, this);

    /// <summary>
    /// Queries this gateway for the payment and sends the packets through another one of the same host; returns what was delivered.
    /// </summary>
    private async Task<ulong> PayAsync(string pointer, ulong units, HostClient through)
    {
        using var spsp = new SpspClient(new SpspClientOptions(), Handler());
        var receiver = await spsp.QueryAsync(new Uri(pointer), null, Cancellation);
        Assert.True(receiver.IsFound, receiver.Explanation);
        using var account = new IlpOverHttpClient(
            new IlpOverHttpClientOptions { Endpoint = new Uri($"http://{Host}/ilp"), Token = HostInCluster.ConnectorToken },
            through.Handler());
        await using var sender = new StreamSender(account, receiver.Response.DestinationAccount, receiver.Response.SharedSecret);
        var payment = await sender.DeliverAsync(units, units, Cancellation);
        Assert.Equal((PaymentEnding.Completed, units), (payment.Ending, payment.Delivered));
        return payment.Delivered;
    }

    public void Dispose() => Http.Dispose();

    private SocketsHttpHandler Handler() => new()
    {
        UseProxy = false,
        AllowAutoRedirect = false,
        ConnectCallback = async (_, cancellation) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(address, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        },
    };
}
