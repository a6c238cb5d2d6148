using System.Net;
using System.Net.Http.Headers;
using Interledger.Net.Receipts;

namespace Interledger.Net.Spsp;

/// <summary>Queries payment pointers (RFC 9) for the address and shared secret to pay.</summary>
public sealed class SpspClient : IDisposable
{
    private static readonly MediaTypeWithQualityHeaderValue Accepted = new(SpspResponse.MediaType);

    private readonly SpspClientOptions _options;
    private readonly HttpMessageInvoker _http;

    /// <summary>Creates a client with its own connections.</summary>
    /// <param name="options">How pointers are looked up.</param>
    public SpspClient(SpspClientOptions? options = null) : this(options ?? new SpspClientOptions(), new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        ConnectTimeout = TimeSpan.FromSeconds(5),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
    })
    {
    }

    /// <summary>Creates a client on the caller's handler, which must not follow redirects itself.</summary>
    /// <param name="options">How pointers are looked up.</param>
    /// <param name="handler">Sends the requests; disposed with the client.</param>
    public SpspClient(SpspClientOptions options, HttpMessageHandler handler)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
        _http = new HttpMessageInvoker(handler);
    }

    /// <summary>Queries a payment pointer.</summary>
    /// <param name="paymentPointer">The pointer.</param>
    /// <param name="receipts">Nonce and secret to request receipts with; a receiver without receipts is then a failure.</param>
    /// <param name="cancellationToken">Cancels the query.</param>
    /// <returns>The response, or the failure. Network errors do not throw.</returns>
    public Task<SpspResult> QueryAsync(PaymentPointer paymentPointer, ReceiptSetup? receipts, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(paymentPointer);
        return QueryAsync(_options.Resolve(paymentPointer), receipts, cancellationToken);
    }

    /// <summary>Queries a URL that was given directly, for instance in <c>Link: &lt;...&gt;; rel="payment"</c>.</summary>
    /// <param name="url">An absolute URL; the secret travels to and from it, so it should be https.</param>
    /// <param name="receipts">Nonce and secret to request receipts with; a receiver without receipts is then a failure.</param>
    /// <param name="cancellationToken">Cancels the query.</param>
    /// <returns>The response, or the failure. Network errors do not throw.</returns>
    public async Task<SpspResult> QueryAsync(Uri url, ReceiptSetup? receipts, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(url);
        using var timeout = new CancellationTokenSource(_options.Timeout, _options.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            return await FollowAsync(url, receipts, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Failed(SpspFailure.TimedOut, $"{url} did not answer within {_options.Timeout.TotalSeconds:0.#} seconds.");
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return exception is HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded }
                ? Failed(SpspFailure.TooLong, $"{url} answered with more than {_options.MaxResponseBytes} bytes.")
                : Failed(SpspFailure.Unreachable, $"{url} could not be reached: {exception.Message}");
        }
    }

    /// <summary>Closes the connections.</summary>
    public void Dispose() => _http.Dispose();

    private async Task<SpspResult> FollowAsync(Uri url, ReceiptSetup? receipts, CancellationToken cancellationToken)
    {
        for (var redirects = 0; ; redirects++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, url);
            request.Headers.Accept.Add(Accepted);
            request.Headers.CacheControl = new CacheControlHeaderValue { NoCache = true };
            if (receipts is not null)
            {
                request.Headers.Add(ReceiptSetup.NonceHeader, receipts.Nonce.ToString());
                request.Headers.Add(ReceiptSetup.SecretHeader, receipts.Secret.ToBase64());
            }

            using var response = await _http.SendAsync(request, cancellationToken);
            if (!IsRedirect(response.StatusCode)) return await ReadAsync(url, response, receipts is not null, cancellationToken);

            var target = response.Headers.Location is { } location ? new Uri(url, location) : null;
            // A redirect from https to http would expose the shared secret.
            if (target is null || redirects == _options.MaxRedirects
                || (target.Scheme != Uri.UriSchemeHttps && target.Scheme != url.Scheme))
                return Failed(SpspFailure.BadRedirect, $"{url} redirects too often, or to where it may not.", response.StatusCode);
            url = target;
        }
    }

    private async Task<SpspResult> ReadAsync(Uri url, HttpResponseMessage response, bool wantsReceipts, CancellationToken cancellationToken)
    {
        var status = response.StatusCode;
        if (status == HttpStatusCode.NotFound) return Failed(SpspFailure.NoSuchReceiver, $"{url} knows no such receiver.", status);
        if (status != HttpStatusCode.OK) return Failed(SpspFailure.Refused, $"{url} answered with HTTP status {(int)status}.", status);

        await response.Content.LoadIntoBufferAsync(_options.MaxResponseBytes, cancellationToken);
        var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        if (!SpspResponse.TryParse(body, out var answer, out var error))
            return Failed(SpspFailure.NotAnAnswer,
                $"{url} answered with something that is not SPSP ({error}).", status) with
            { Error = error };
        if (wantsReceipts && !answer.ReceiptsEnabled) return Failed(SpspFailure.NoReceipts, $"{url} gives no receipts.", status);
        return new SpspResult { Response = answer, Status = (int)status };
    }

    private static bool IsRedirect(HttpStatusCode status) => status is HttpStatusCode.MovedPermanently or HttpStatusCode.Found
        or HttpStatusCode.SeeOther or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect;

    private static SpspResult Failed(SpspFailure failure, string explanation, HttpStatusCode? status = null) =>
        new() { Failure = failure, Explanation = explanation, Status = (int?)status };
}
