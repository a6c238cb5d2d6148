using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using OpenPayments.Net.Clients;
using OpenPayments.Net.Signatures;

namespace OpenPayments.Net.Paying;

/// <summary>Requests to wallets whose URLs a payer chose: guarded and signed; a failure is returned, never thrown.</summary>
/// <param name="http">From <see cref="GuardedHttp"/>.</param>
/// <param name="insecure">For tests only, see <see cref="GuardedHttp.Create"/>.</param>
/// <param name="signer">The client's key.</param>
public sealed class WalletCalls(HttpClient http, bool insecure, MessageSigner signer)
{
    /// <summary>The document at a URL; the error's body if the fault is <see cref="WalletFault.Refused"/>.</summary>
    internal async Task<(JsonElement Json, WalletFault Fault)> GetAsync(Uri url, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        return await SendAsync(request, cancellation);
    }

    /// <summary>What a signed request is answered; the error's body if the fault is <see cref="WalletFault.Refused"/>.</summary>
    internal async Task<(JsonElement Json, WalletFault Fault)> PostAsync(
        Uri url, JsonObject body, string? token, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url);
        request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("GNAP", token);
        await signer.SignAsync(request, cancellation);
        return await SendAsync(request, cancellation);
    }

    private async Task<(JsonElement Json, WalletFault Fault)> SendAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        if (!GuardedHttp.IsAllowed(request.RequestUri!, insecure)) return (default, WalletFault.NotAllowed);
        request.Headers.Accept.ParseAdd("application/json");
        try
        {
            using var response = await http.SendAsync(request, cancellation);
            if ((int)response.StatusCode is >= 500 or 429) return (default, WalletFault.Trouble);
            if (!response.IsSuccessStatusCode) return (await ErrorOfAsync(response, cancellation), WalletFault.Refused);
            using var json = await JsonDocument.ParseAsync(await response.Content.ReadAsStreamAsync(cancellation), default, cancellation);
            return json.RootElement.ValueKind == JsonValueKind.Object
                ? (json.RootElement.Clone(), WalletFault.None)
                : (default, WalletFault.NotAWallet);
        }
        catch (JsonException)
        {
            return (default, WalletFault.NotAWallet);
        }
        catch (Exception trouble) when (trouble is HttpRequestException or IOException or FormatException
            || (trouble is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return (default, WalletFault.Unreachable);
        }
    }

    // A refusal is one whatever its body is.
    private static async Task<JsonElement> ErrorOfAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        try
        {
            using var json = await JsonDocument.ParseAsync(await response.Content.ReadAsStreamAsync(cancellation), default, cancellation);
            return json.RootElement.Clone();
        }
        catch (JsonException)
        {
            return default;
        }
    }
}
