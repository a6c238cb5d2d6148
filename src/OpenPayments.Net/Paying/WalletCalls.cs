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
    private const int MaxRedirects = 3;

    /// <summary>
    /// The document at a URL or where it redirects to; the error's body if the fault is <see cref="WalletFault.Refused"/>.
    /// </summary>
    internal async Task<(JsonElement Json, WalletFault Fault)> GetAsync(Uri url, Func<Uri, bool>? admit, CancellationToken cancellation)
    {
        // One time-out over all hops: redirects do not keep a payer waiting for longer.
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        either.CancelAfter(http.Timeout);
        for (var redirects = 0; redirects <= MaxRedirects; redirects++)
        {
            if (url.UserInfo.Length > 0 || !GuardedHttp.IsAllowed(url, insecure))
                return (default, redirects == 0 ? WalletFault.NotAllowed : WalletFault.NotFollowed);
            if (admit?.Invoke(url) == false) return (default, WalletFault.NotAdmitted);
            using var request = new HttpRequestMessage(HttpMethod.Get, url);
            var (json, fault, next) = await SendAsync(request, cancellation, either.Token);
            if (next is null) return (json, fault);
            url = next;
        }
        return (default, WalletFault.NotFollowed);
    }

    /// <summary>What a signed request is answered; the error's body if the fault is <see cref="WalletFault.Refused"/>.</summary>
    internal async Task<(JsonElement Json, WalletFault Fault)> PostAsync(
        Uri url, JsonObject body, string? token, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url);
        request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("GNAP", token);
        await signer.SignAsync(request, cancellation);
        // A redirect of a signed request is not followed: the signature covers its URL.
        var (json, fault, _) = await SendAsync(request, cancellation, cancellation);
        return (json, fault);
    }

    private async Task<(JsonElement Json, WalletFault Fault, Uri? RedirectsTo)> SendAsync(
        HttpRequestMessage request, CancellationToken cancellation, CancellationToken cancellationOrTimeout)
    {
        if (!GuardedHttp.IsAllowed(request.RequestUri!, insecure)) return (default, WalletFault.NotAllowed, null);
        request.Headers.Accept.ParseAdd("application/json");
        try
        {
            using var response = await http.SendAsync(request, cancellationOrTimeout);
            if ((int)response.StatusCode is >= 500 or 429) return (default, WalletFault.Trouble, null);
            if (!response.IsSuccessStatusCode)
            {
                var error = await ErrorOfAsync(response, cancellationOrTimeout);
                return (error, WalletFault.Refused, RedirectOf(response, request.RequestUri!));
            }
            using var json = await JsonDocument.ParseAsync(
                await response.Content.ReadAsStreamAsync(cancellationOrTimeout), default, cancellationOrTimeout);
            return json.RootElement.ValueKind == JsonValueKind.Object
                ? (json.RootElement.Clone(), WalletFault.None, null)
                : (default, WalletFault.NotAWallet, null);
        }
        catch (JsonException)
        {
            return (default, WalletFault.NotAWallet, null);
        }
        catch (Exception trouble) when (trouble is HttpRequestException or IOException or FormatException
            || (trouble is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return (default, WalletFault.Unreachable, null);
        }
    }

    private static Uri? RedirectOf(HttpResponseMessage response, Uri url) =>
        (int)response.StatusCode is 301 or 302 or 303 or 307 or 308 && response.Headers.Location is { } location
            && Uri.TryCreate(url, location, out var next)
            ? next
            : null;

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
