using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using OpenPayments.Net.Signatures;

namespace Codius.Testing.Wallets;

/// <summary>
/// A fake of today's Web Monetization extension, connected to a fake wallet: makes exactly the calls that the real one makes for a link in
/// a page.
/// </summary>
internal sealed class ScriptedExtension
{
    private readonly HttpClient _http;
    private readonly FakeWallet _wallet;
    private readonly MessageSigner _signer = new(RandomNumberGenerator.GetBytes(32), "extension", TimeProvider.System);

    public ScriptedExtension(HttpClient http, FakeWallet wallet)
    {
        (_http, _wallet) = (http, wallet);
        wallet.Keys.Add(_signer.PublicJwk);
    }

    /// <summary>The incoming payment that it made; null before that.</summary>
    public string? Payment { get; private set; }

    /// <summary>Reads how the address of a link is paid, and creates an incoming payment there.</summary>
    public async Task BeginAsync(string link)
    {
        var receiver = await SendAsync(HttpMethod.Get, link, null, null);
        var (id, auth, resource) = ((string)receiver!["id"]!, (string)receiver["authServer"]!, (string)receiver["resourceServer"]!);
        var grant = await SendAsync(HttpMethod.Post, auth, new JsonObject
        {
            ["access_token"] = new JsonObject
            {
                ["access"] = new JsonArray(
                    new JsonObject { ["type"] = "incoming-payment", ["actions"] = new JsonArray("create"), ["identifier"] = id }),
            },
            ["client"] = _wallet.Address,
        }, null);
        var expires = TimeProvider.System.GetUtcNow()
            .AddMinutes(10).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture);
        var payment = await SendAsync(HttpMethod.Post, resource + "/incoming-payments", new JsonObject
        {
            ["walletAddress"] = id,
            ["expiresAt"] = expires,
            ["metadata"] = new JsonObject { ["source"] = "Web Monetization" },
        }, (string)grant!["access_token"]!["value"]!);
        Payment = (string)payment!["id"]!;
        await SendAsync(HttpMethod.Delete, (string)grant["continue"]!["uri"]!, null, (string)grant["continue"]!["access_token"]!["value"]!);
    }

    /// <summary>
    /// Makes the wallet pay; the page gets its event at once, as from the real one: when the payment is made and nothing has arrived.
    /// </summary>
    public async Task<ulong> PayAsync(ulong units) => (await _wallet.PayAsync(Payment!, units)).Delivered;

    private async Task<JsonNode?> SendAsync(HttpMethod method, string url, JsonObject? body, string? token)
    {
        using var request = new HttpRequestMessage(method, url);
        request.Headers.Accept.ParseAdd("application/json");
        if (method != HttpMethod.Get) request.Headers.Add("Origin", "chrome-extension://oiabcfomehhigdepbbclppomkhlknpii");
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("GNAP", token);
        if (body is not null)
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        if (method != HttpMethod.Get) await _signer.SignAsync(request, CancellationToken.None);
        using var response = await _http.SendAsync(request);
        var text = await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync();
        return text.Length == 0 ? null : JsonNode.Parse(text);
    }
}
