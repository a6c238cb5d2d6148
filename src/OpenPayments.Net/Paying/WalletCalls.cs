using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using OpenPayments.Net.Clients;
using OpenPayments.Net.Signatures;

namespace OpenPayments.Net.Paying;

/// <summary>Requests to wallets: guarded and signed; a failure is returned, never thrown.</summary>
/// <param name="http">From <see cref="GuardedHttp"/>.</param>
/// <param name="insecure">For tests only, see <see cref="GuardedHttp.Create"/>.</param>
/// <param name="signer">The client's key.</param>
/// <param name="time">The clock of a <c>Retry-After</c> that is a date; null for the system's.</param>
public sealed class WalletCalls(HttpClient http, bool insecure, MessageSigner signer, TimeProvider? time = null)
{
    private const int MaxRedirects = 3;
    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromHours(1);

    /// <summary>The wallet address that a document describes, found at a URL or where that redirects to.</summary>
    internal async Task<WalletAnswer<PayerWallet>> LookUpAsync(Uri wallet, Func<Uri, bool>? admit, CancellationToken cancellation)
    {
        var response = await GetAsync(wallet, admit, cancellation);
        if (response.Fault != WalletFault.None)
            return WalletAnswer<PayerWallet>.Failed(
                response.Fault == WalletFault.Refused ? WalletFault.NotAWallet : response.Fault, response) with
            { Detail = null };
        return PayerWallet.TryRead(response.Json, out var read)
            ? WalletAnswer<PayerWallet>.Of(read)
            : WalletAnswer<PayerWallet>.Failed(WalletFault.NotAWallet, response);
    }

    /// <summary>What a signed request without a body is answered.</summary>
    internal Task<WalletResponse> SendAsync(HttpMethod method, Uri url, string? token, CancellationToken cancellation) =>
        SendAsync(method, url, null, token, cancellation);

    /// <summary>What a signed request is answered.</summary>
    internal Task<WalletResponse> PostAsync(Uri url, JsonObject body, string? token, CancellationToken cancellation) =>
        SendAsync(HttpMethod.Post, url, body, token, cancellation);

    private async Task<WalletResponse> GetAsync(Uri url, Func<Uri, bool>? admit, CancellationToken cancellation)
    {
        // One time-out over all hops: redirects do not keep a payer waiting for longer.
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        either.CancelAfter(http.Timeout);
        for (var redirects = 0; redirects <= MaxRedirects; redirects++)
        {
            if (url.UserInfo.Length > 0 || !GuardedHttp.IsAllowed(url, insecure))
                return new(default, redirects == 0 ? WalletFault.NotAllowed : WalletFault.NotFollowed);
            if (admit?.Invoke(url) == false) return new(default, WalletFault.NotAdmitted);
            using var request = new HttpRequestMessage(HttpMethod.Get, url);
            var response = await SendAsync(request, cancellation, either.Token);
            if (response.RedirectsTo is null) return response;
            url = response.RedirectsTo;
        }
        return new(default, WalletFault.NotFollowed);
    }

    // A redirect of a signed request is not followed: the signature covers its URL.
    private async Task<WalletResponse> SendAsync(
        HttpMethod method, Uri url, JsonObject? body, string? token, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, url);
        if (body is not null)
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("GNAP", token);
        await signer.SignAsync(request, cancellation);
        return await SendAsync(request, cancellation, cancellation);
    }

    private async Task<WalletResponse> SendAsync(
        HttpRequestMessage request, CancellationToken cancellation, CancellationToken cancellationOrTimeout)
    {
        if (!GuardedHttp.IsAllowed(request.RequestUri!, insecure)) return new(default, WalletFault.NotAllowed);
        request.Headers.Accept.ParseAdd("application/json");
        try
        {
            using var response = await http.SendAsync(request, cancellationOrTimeout);
            var isTrouble = (int)response.StatusCode is >= 500 or 429;
            var json = isTrouble ? default : await Json.ReadAsync(response.Content, cancellationOrTimeout);
            return new WalletResponse(json, isTrouble ? WalletFault.Trouble
                : !response.IsSuccessStatusCode ? WalletFault.Refused // whatever its body is
                : json.ValueKind != JsonValueKind.Object ? WalletFault.NotAWallet
                : WalletFault.None)
            {
                Status = (int)response.StatusCode,
                RetryAfter = WaitOf(response),
                RedirectsTo = RedirectOf(response, request.RequestUri!),
            };
        }
        catch (Exception trouble) when (trouble is HttpRequestException or IOException or FormatException
            || (trouble is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return new(default, WalletFault.Unreachable);
        }
    }

    private TimeSpan? WaitOf(HttpResponseMessage response)
    {
        var wait = response.Headers.RetryAfter switch
        {
            { Delta: { } seconds } => seconds,
            { Date: { } date } => date - (time ?? TimeProvider.System).GetUtcNow(),
            _ => (TimeSpan?)null,
        };
        return wait > LongestRetryAfter ? LongestRetryAfter : wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }

    private static Uri? RedirectOf(HttpResponseMessage response, Uri url) =>
        (int)response.StatusCode is 301 or 302 or 303 or 307 or 308 && response.Headers.Location is { } location
            && Uri.TryCreate(url, location, out var next)
            ? next
            : null;
}
