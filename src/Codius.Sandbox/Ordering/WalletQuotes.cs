using System.Text.Json;
using Codius.Sandbox.Granting;
using OpenPayments.Net;
using static Codius.Sandbox.Granting.VisitorAddress;

namespace Codius.Sandbox.Ordering;

/// <summary>The quotes of the visitor's wallet, in memory; each is good for one payment.</summary>
internal sealed class WalletQuotes(ReceiverReader receivers, VisitorAddress wallet, TimeProvider time)
{
    private readonly Newest<WalletQuote> _quotes = new(1_000);

    /// <summary>What an order costs: of the incoming payment's own amount, or of one that the client names.</summary>
    /// <param name="clientId">Who asks.</param>
    /// <param name="json">The order: <c>receiver</c> or <c>incomingPayment</c>, and an amount if the receiver has none.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<(WalletQuote? Quote, OpenPaymentsError? Error)> MakeAsync(
        string clientId, JsonElement json, CancellationToken cancellation)
    {
        if (json.ValueKind != JsonValueKind.Object || Text(json, "walletAddress") != wallet.Id)
            return (null, OpenPaymentsError.InvalidRequest($"walletAddress must be {wallet.Id}."));
        if ((Text(json, "receiver") ?? Text(json, "incomingPayment")) is not { } url)
            return (null, OpenPaymentsError.InvalidRequest("receiver is missing: the URL of an incoming payment."));
        ulong? named = null;
        foreach (var name in new[] { "debitAmount", "receiveAmount" })
        {
            if (!json.TryGetProperty(name, out var amount)) continue;
            if (named is not null || !wallet.TryReadAmount(amount, out var units) || units == 0)
                return (null, OpenPaymentsError.InvalidRequest($"{name} must be the one amount, in this wallet's asset and scale."));
            named = units;
        }
        if (await receivers.ReadAsync(url, cancellation) is not { } receiver)
            return (null, OpenPaymentsError.InvalidRequest("invalid receiver: not readable, of another asset, complete or expired"));
        if ((named ?? receiver.Missing) is not { } sum)
            return (null, OpenPaymentsError.InvalidRequest("The receiver has no amount: name debitAmount or receiveAmount."));
        if (sum > (receiver.Missing ?? sum))
            return (null, OpenPaymentsError.InvalidRequest("The amount is more than the receiver takes."));
        var quote = new WalletQuote(
            Guid.NewGuid().ToString(), clientId, receiver.Url, receiver.WalletAddress, sum, time.GetUtcNow());
        _quotes.Put(quote.Id, quote);
        return (quote, null);
    }

    public WalletQuote? Find(string? id, string clientId) =>
        _quotes.Find(id) is { } quote && quote.ClientId == clientId && quote.ExpiresAt > time.GetUtcNow() ? quote : null;

    /// <summary>Uses a quote up.</summary>
    public bool TryUse(WalletQuote quote) => _quotes.Remove(quote.Id) is not null;

    /// <summary>What a client that asks for consent to pay so much most likely wants to pay.</summary>
    public WalletQuote? LastOf(string clientId, ulong amount) =>
        _quotes.All.FirstOrDefault(quote => quote.ClientId == clientId && quote.Amount == amount && quote.ExpiresAt > time.GetUtcNow());
}
