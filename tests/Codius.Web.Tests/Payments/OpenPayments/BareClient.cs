using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Interledger.Net.Packets;
using Interledger.Net.Spsp;
using Interledger.Net.Streaming;
using OpenPayments.Net.Signatures;

namespace Codius.Web.Tests.Payments.OpenPayments;

/// <summary>A client that has only a key, and can send requests that no library would.</summary>
/// <param name="gateway">The gateway it calls.</param>
/// <param name="from">The client address that a known proxy forwards; null for none.</param>
/// <param name="wallet">The wallet address it names instead of its key; null for none.</param>
/// <param name="http">Reaches another gateway of the same host; null for the gateway's own.</param>
internal sealed class BareClient(PayableGateway gateway, string? from = null, string? wallet = null, HttpClient? http = null)
{
    private readonly MessageSigner _signer = new(RandomNumberGenerator.GetBytes(32), "bare", TimeProvider.System);

    public JsonObject Jwk => _signer.PublicJwk.ToJson();

    public Jwk PublicJwk => _signer.PublicJwk;

    public string Thumbprint => _signer.PublicJwk.Thumbprint;

    public static string IdOf(PayableGateway gateway, string app) => gateway.UrlOf(app) + ".well-known/pay";

    public string PaymentsOf(string app) => $"{gateway.Host}/op/{app}/incoming-payments";

    public async Task<(int Status, JsonNode? Json, HttpResponseMessage Answer)> SendAsync(
        HttpMethod method, string url, JsonNode? body = null, string? token = null, bool signed = true,
        Action<HttpRequestMessage>? spoil = null)
    {
        using var request = new HttpRequestMessage(method, url);
        if (from is not null) request.Headers.Add("X-Forwarded-For", from);
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("GNAP", token);
        if (body is not null)
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        if (signed) await _signer.SignAsync(request, TestContext.Current.CancellationToken);
        spoil?.Invoke(request);
        var answer = await (http ?? gateway.Http).SendAsync(request, TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return ((int)answer.StatusCode, text.StartsWith('{') ? JsonNode.Parse(text) : null, answer);
    }

    public Task<(int Status, JsonNode? Json, HttpResponseMessage Answer)> AskForGrantAsync(string? app, bool signed,
        params string[] actions)
    {
        var access = new JsonObject
        {
            ["type"] = "incoming-payment",
            ["actions"] = new JsonArray([.. actions.Select(action => JsonValue.Create(action))]),
        };
        if (app is not null) access["identifier"] = IdOf(gateway, app);
        return SendAsync(HttpMethod.Post, gateway.Host + "/auth", new JsonObject
        {
            ["access_token"] = new JsonObject { ["access"] = new JsonArray(access) },
            ["client"] = wallet is null ? new JsonObject { ["jwk"] = _signer.PublicJwk.ToJson() } : wallet,
        }, signed: signed);
    }

    public async Task<string> GrantAsync(string? app, params string[] actions)
    {
        var (status, json, _) = await AskForGrantAsync(app, true, actions);
        Assert.Equal(200, status);
        return (string)json!["access_token"]!["value"]!;
    }

    /// <summary>The response to a request for a new incoming payment.</summary>
    public async Task<(int Status, JsonNode? Json, HttpResponseMessage Answer)> TryCreateAsync(string app, string token) =>
        await SendAsync(HttpMethod.Post, PaymentsOf(app), new JsonObject { ["walletAddress"] = IdOf(gateway, app) }, token);

    /// <summary>A new incoming payment, and the credentials to pay it.</summary>
    public async Task<(string Url, SpspResponse Method)> CreateAsync(string app, ulong? amount = null, int scale = 9)
    {
        var body = new JsonObject { ["walletAddress"] = IdOf(gateway, app) };
        if (amount is { } units)
            body["incomingAmount"] = new JsonObject { ["value"] = units.ToString(), ["assetCode"] = "USD", ["assetScale"] = scale };
        var (status, json, _) = await SendAsync(HttpMethod.Post, PaymentsOf(app), body, await GrantAsync(app, "create"));
        Assert.Equal(201, status);
        var method = json!["methods"]![0]!;
        return ((string)json["id"]!, new SpspResponse(
            IlpAddress.Parse((string)method["ilpAddress"]!),
            new StreamSecret(System.Buffers.Text.Base64Url.DecodeFromChars((string)method["sharedSecret"]!))));
    }

    /// <summary>The public view of a payment: how much arrived.</summary>
    public async Task<ulong> ReceivedAsync(string url) =>
        ulong.Parse((string)(await SendAsync(HttpMethod.Get, url, signed: false)).Json!["receivedAmount"]!["value"]!);
}
