using System.Globalization;
using System.Net.Http.Headers;
using OpenPayments.Net.Clients;

namespace Codius.Web.Admin.Alerts;

/// <summary>
/// Posts messages to webhooks: only to public addresses, without following redirects, and not for long. Any 2xx means that it was taken.
/// </summary>
/// <param name="insecure">In Development: also http and addresses inside.</param>
/// <param name="timeout">How long one attempt may take.</param>
/// <param name="time">The clock of the messages' time.</param>
/// <param name="http">For tests only: sends the requests; null for a client that connects to public addresses alone.</param>
internal sealed class WebhookClient(bool insecure, TimeSpan timeout, TimeProvider time, HttpClient? http = null) : IDisposable
{
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    private const string Unusable = "The webhook's URL or secret cannot be used.";

    private readonly HttpClient _http = http ?? GuardedHttp.Create(insecure, timeout);

    /// <returns>Why it was not taken; null if it was.</returns>
    public Task<string?> TryPostAsync(AlertWebhook webhook, AlertMessage message, CancellationToken cancellation) =>
        WebhookSignature.TryRead(webhook.Secret, out var key) && webhook.Url is { } url
            ? TryPostAsync(url, [key], message, cancellation)
            : Task.FromResult<string?>(Unusable);

    /// <summary>The same with a signature by each key: receivers accept a message with any signature that they know.</summary>
    public async Task<string?> TryPostAsync(
        Uri url, IReadOnlyList<byte[]> keys, AlertMessage message, CancellationToken cancellation)
    {
        if (!GuardedHttp.IsAllowed(url, insecure)) return Unusable;
        var seconds = time.GetUtcNow().ToUnixTimeSeconds();
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(message.Body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add("webhook-id", message.Id);
        request.Headers.Add("webhook-timestamp", seconds.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("webhook-signature",
            string.Join(' ', keys.Select(key => WebhookSignature.Sign(key, message.Id, seconds, message.Body))));
        try
        {
            // Nothing of the answer's body is read.
            using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            return answer.IsSuccessStatusCode ? null : $"It answered {(int)answer.StatusCode}.";
        }
        catch (HttpRequestException unreachable)
        {
            return unreachable.Message;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return "It did not answer in time.";
        }
    }

    public void Dispose() => _http.Dispose();
}
