using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using OpenPayments.Net.Clients;
using OpenPayments.Net.Signatures;

namespace Codius.Testing.Wallets;

/// <summary>
/// A wallet's side towards the receiver: verifies the client's signature, and reads the incoming payment with a grant of its own.
/// </summary>
internal sealed class FakeWalletBooks(HttpClient http) : IDisposable
{
    private readonly MessageSigner _signer = new(RandomNumberGenerator.GetBytes(32), "fake-wallet", TimeProvider.System);
    private readonly ClientKeys _keys = new(http, insecure: true, TimeProvider.System);
    private string? _lastClient;

    public void Dispose() => http.Dispose();

    /// <summary>The request's body; null if its signature is not its client's.</summary>
    public async Task<JsonNode?> VerifyAsync(HttpContext context, string origin)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var message = new SignedMessage(context.Request.Method, origin + context.Request.Path,
            name => context.Request.Headers.TryGetValue(name, out var value) ? value.ToString() : null, body.ToArray());
        if (SignatureVerifier.Examine(message, out var input) is not null) return null;
        var json = JsonNode.Parse(body.ToArray())!;
        // Later requests carry a token instead of the client's name; there is one client here.
        _lastClient = (string?)json["client"] ?? _lastClient;
        if (Client.OfWalletAddress(_lastClient!, out var client) is not null) return null;
        return await _keys.FindAsync(client!, input!.KeyId, null, CancellationToken.None) is { } key
            && SignatureVerifier.Verify(message, input, key) ? json : null;
    }

    /// <summary>The public name of a client's wallet address.</summary>
    public async Task<string?> NameOfAsync(string client) => (string?)(await SendAsync(HttpMethod.Get, client, null, null))?["publicName"];

    /// <summary>The incoming payment, with the means to pay it; null if there is none.</summary>
    public async Task<JsonNode?> ReadPaymentAsync(string url)
    {
        if (await SendAsync(HttpMethod.Get, url, null, null) is not { } view) return null;
        var grant = await SendAsync(HttpMethod.Post, (string)view["authServer"]!, new JsonObject
        {
            ["access_token"] = new JsonObject
            {
                ["access"] = new JsonArray(new JsonObject { ["type"] = "incoming-payment", ["actions"] = new JsonArray("read-all") }),
            },
            ["client"] = new JsonObject { ["jwk"] = _signer.PublicJwk.ToJson() },
        }, null);
        return await SendAsync(HttpMethod.Get, url, null, (string)grant!["access_token"]!["value"]!);
    }

    private async Task<JsonNode?> SendAsync(HttpMethod method, string url, JsonObject? body, string? token)
    {
        using var request = new HttpRequestMessage(method, url);
        request.Headers.Accept.ParseAdd("application/json");
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("GNAP", token);
        if (body is not null) request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        if (token is not null || body is not null) await _signer.SignAsync(request, CancellationToken.None);
        using var response = await http.SendAsync(request);
        return response.IsSuccessStatusCode ? JsonNode.Parse(await response.Content.ReadAsStringAsync()) : null;
    }
}
