using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using OpenPayments.Net.Signatures;

namespace SoakLoad;

/// <summary>
/// One client of Open Payments with a new key of its own: a grant, a payment that it never pays, the grant's end.
/// </summary>
internal sealed class StrangersGrants(Uri gateway, HttpClient http, Outcomes outcomes)
{
    private readonly MessageSigner _signer = new(RandomNumberGenerator.GetBytes(32), "key", TimeProvider.System);
    private string? _token, _manage;

    public async Task<bool> RequestAsync()
    {
        var body = new JsonObject
        {
            ["access_token"] = new JsonObject
            {
                ["access"] = new JsonArray(new JsonObject
                {
                    ["type"] = "incoming-payment",
                    ["actions"] = new JsonArray("create", "read", "list", "complete"),
                }),
            },
            ["client"] = new JsonObject { ["jwk"] = _signer.PublicJwk.ToJson() },
        };
        if (await SendAsync("grant", HttpMethod.Post, $"http://{gateway.Authority}/auth", body) is not { } answer) return false;
        if (!answer.TryGetProperty("access_token", out var token)) return false;
        (_token, _manage) = (token.GetProperty("value").GetString(), token.GetProperty("manage").GetString());
        return true;
    }

    public async Task<bool> CreatePaymentAsync(string walletAddress)
    {
        var url = walletAddress.Replace("/pay/", "/op/", StringComparison.Ordinal) + "/incoming-payments";
        var body = new JsonObject { ["walletAddress"] = walletAddress, ["metadata"] = new JsonObject { ["description"] = "soak" } };
        if (await SendAsync("incoming payment", HttpMethod.Post, url, body) is not { } answer) return false;
        if (answer.TryGetProperty("id", out var id)) await SendAsync("completion", HttpMethod.Post, id.GetString() + "/complete", null);
        return true;
    }

    public async Task EndAsync()
    {
        if (_manage is null) return;
        await SendAsync("rotation", HttpMethod.Post, _manage, null);
    }

    private async Task<JsonElement?> SendAsync(string kind, HttpMethod method, string url, JsonObject? body)
    {
        var request = new HttpRequestMessage(method, url);
        if (_token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("GNAP", _token);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body.ToJsonString()));
            request.Content.Headers.ContentType = new("application/json");
        }
        await _signer.SignAsync(request, CancellationToken.None);
        var text = await outcomes.SendAsync(kind, http, request);
        try
        {
            return string.IsNullOrEmpty(text) ? null : JsonDocument.Parse(text).RootElement;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
