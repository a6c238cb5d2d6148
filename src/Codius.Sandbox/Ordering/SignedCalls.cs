using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Codius.Sandbox.Granting;

namespace Codius.Sandbox.Ordering;

/// <summary>Requests of the visitor's wallet to receivers, signed with its key; a failure is a status of 0.</summary>
internal sealed class SignedCalls(VisitorAddress wallet, SandboxSettings settings) : IDisposable
{
    private readonly HttpClient _http = LocalRoute.CreateClient(settings);

    public async Task<(int Status, JsonElement Json)> SendAsync(
        HttpMethod method, Uri url, JsonObject? body, string? token, CancellationToken cancellation)
    {
        if (url.Scheme is not ("https" or "http")) return default;
        try
        {
            using var request = new HttpRequestMessage(method, url);
            request.Headers.Accept.ParseAdd("application/json");
            if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("GNAP", token);
            if (body is not null)
                request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
            if (token is not null || body is not null) await wallet.Signer.SignAsync(request, cancellation);
            using var response = await _http.SendAsync(request, cancellation);
            using var json = await JsonDocument.ParseAsync(
                await response.Content.ReadAsStreamAsync(cancellation), cancellationToken: cancellation);
            return ((int)response.StatusCode, json.RootElement.Clone());
        }
        catch (Exception trouble) when (trouble is HttpRequestException or JsonException or IOException or FormatException
            || (trouble is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return default;
        }
    }

    public void Dispose() => _http.Dispose();
}
