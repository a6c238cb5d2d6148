using System.Net;
using Codius.Web.Balances;
using Codius.Web.Hosting;
using Codius.Web.Hosting.Resilience;
using Codius.Web.Payments.HostWallet;
using Interledger.Net.Receipts;
using Interledger.Net.Spsp;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace Codius.Web.Payments.Setup;

/// <summary>
/// Requests an address to pay from the receiving wallet, with a nonce and a secret of ours, so that its receipts can be verified here.
/// Stores nothing.
/// </summary>
internal sealed partial class WalletQuery(
    HttpClient client, ReceivingWalletAddress wallet, WalletCallBudget budget, ReceiptSecrets secrets, WireAsset wire,
    PaymentsHealth health, TimeProvider time, ILogger<WalletQuery> log)
{
    public const string MonetizationId = "Web-Monetization-Id";
    private const int MaxMonetizationId = 64;
    private static readonly TimeSpan AfterTooMany = TimeSpan.FromSeconds(5);

    /// <summary>Queries for one payer. No header of the payer's is forwarded but the id of old Web Monetization.</summary>
    /// <param name="account">Who will be credited; null for the first account that a receipt is posted to.</param>
    /// <param name="monetizationId">The payer's <c>Web-Monetization-Id</c>, if any.</param>
    /// <param name="optional">True if the wallet can be paid without SPSP too: then it is no failure if it has none.</param>
    /// <param name="cancellation">Set when the payer disconnects.</param>
    public async Task<WalletAnswer> QueryAsync(AccountId? account, string? monetizationId, bool optional, CancellationToken cancellation)
    {
        var (nonce, secret) = secrets.Issue(time.GetUtcNow(), account, wire.Scale);
        using var request = new HttpRequestMessage(HttpMethod.Get, wallet.Endpoint);
        request.Headers.Accept.ParseAdd(SpspResponse.MediaType);
        request.Headers.Add(ReceiptSetup.NonceHeader, nonce.ToString());
        request.Headers.Add(ReceiptSetup.SecretHeader, secret.ToBase64());
        if (monetizationId is { Length: > 0 and <= MaxMonetizationId })
            request.Headers.TryAddWithoutValidation(MonetizationId, monetizationId);
        try
        {
            using var response = await client.SendAsync(request, cancellation);
            if (!response.IsSuccessStatusCode)
            {
                if (OutboundCalls.WaitOf(response, time) is { } wait) budget.Pause(wait);
                else if (response.StatusCode == HttpStatusCode.TooManyRequests) budget.Pause(AfterTooMany);
                var outcome = IsOfWalletWithoutSpsp(response.StatusCode) ? WalletOutcome.NoSpsp : WalletOutcome.Down;
                return optional && outcome == WalletOutcome.NoSpsp
                    ? new WalletAnswer(outcome)
                    : Down(outcome, $"it answered {(int)response.StatusCode}");
            }
            return Read(await response.Content.ReadAsByteArrayAsync(cancellation), optional);
        }
        catch (TimeoutRejectedException)
        {
            return Down(WalletOutcome.TooSlow, "it did not answer in time");
        }
        catch (Exception exception) when (exception is HttpRequestException or BrokenCircuitException or IOException)
        {
            return Down(WalletOutcome.Down, exception is BrokenCircuitException ? "it has failed again and again" : exception.Message);
        }
    }

    private static bool IsOfWalletWithoutSpsp(HttpStatusCode status) =>
        (int)status is 400 or 404 or 405 or 406 or 410 or (>= 300 and < 400);

    private WalletAnswer Read(byte[] body, bool optional)
    {
        if (!SpspResponse.TryParse(body, out var credentials, out _) || !credentials.ReceiptsEnabled)
        {
            return optional
                ? new WalletAnswer(WalletOutcome.NoReceipts)
                : Down(WalletOutcome.NoReceipts, "it gives no receipts, so payments to it could not be counted");
        }
        health.RecordRecovery();
        return new WalletAnswer(WalletOutcome.Answered, credentials, body);
    }

    private WalletAnswer Down(WalletOutcome outcome, string why)
    {
        health.RecordWalletFailure($"the receiving wallet failed: {why}.");
        LogFailed(outcome, why);
        return new WalletAnswer(outcome);
    }

    [LoggerMessage(LogLevel.Warning, "The receiving wallet cannot be paid: {Outcome}, {Why}")]
    private partial void LogFailed(WalletOutcome outcome, string why);
}
