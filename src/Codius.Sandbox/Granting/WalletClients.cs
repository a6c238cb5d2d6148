using System.Text.Json;
using OpenPayments.Net.Clients;

namespace Codius.Sandbox.Granting;

/// <summary>The clients of the visitor's wallet, such as the gateway for its apps: their keys and their names, fetched from them.</summary>
internal sealed class WalletClients : IDisposable
{
    private const int MaxName = 80;

    private readonly HttpClient _http;

    public WalletClients(SandboxSettings settings, TimeProvider time)
    {
        _http = LocalRoute.CreateClient(settings);
        Keys = new ClientKeys(_http, insecure: true, time);
    }

    public ClientKeys Keys { get; }

    /// <summary>What a client's wallet address calls itself; null if it cannot be read.</summary>
    public async Task<string?> NameOfAsync(Uri address, CancellationToken cancellation)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            request.Headers.Accept.ParseAdd("application/json");
            using var response = await _http.SendAsync(request, cancellation);
            if (!response.IsSuccessStatusCode) return null;
            using var json = await JsonDocument.ParseAsync(
                await response.Content.ReadAsStreamAsync(cancellation), cancellationToken: cancellation);
            return VisitorAddress.Text(json.RootElement, "publicName") is { Length: > 0 } name
                ? name[..Math.Min(name.Length, MaxName)]
                : address.Authority;
        }
        catch (Exception trouble) when (trouble is HttpRequestException or JsonException or IOException
            || (trouble is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return null;
        }
    }

    public void Dispose() => _http.Dispose();
}
