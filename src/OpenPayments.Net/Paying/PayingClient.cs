using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace OpenPayments.Net.Paying;

/// <summary>
/// The paying side of Open Payments, for one payment with one consent: look the payer's wallet up, ask what it costs, send
/// the payer to the wallet's page, fetch the grant, pay.
/// </summary>
/// <param name="calls">Sends the requests, signed.</param>
/// <param name="walletAddress">Who the client is: a wallet address with the client's key in its <c>jwks.json</c>.</param>
/// <param name="time">The clock of the waits that wallets ask for; null for the system's.</param>
public sealed class PayingClient(WalletCalls calls, string walletAddress, TimeProvider? time = null)
{
    private readonly TimeProvider _time = time ?? TimeProvider.System;

    /// <summary>
    /// Fetches the document of a wallet address. Follows up to three redirects, as from a payer's own domain to the wallet; each is guarded
    /// as the first request is. The wallet is the one that the document names as its <c>id</c>.
    /// </summary>
    /// <param name="wallet">The address that the payer gave.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <param name="admit">
    /// Called before each request with its URL, redirects included, such as to limit the rate per host; false ends the look-up. Null for no
    /// such rule.
    /// </param>
    public Task<WalletAnswer<PayerWallet>> LookUpAsync(
        Uri wallet, CancellationToken cancellation, Func<Uri, bool>? admit = null) => calls.LookUpAsync(wallet, admit, cancellation);

    /// <summary>Makes an incoming payment of a fixed amount at a receiver; its URL.</summary>
    /// <param name="receiver">Who is paid.</param>
    /// <param name="units">What must arrive, in units of the receiver's asset.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<WalletAnswer<string>> CreateIncomingPaymentAsync(PayerWallet receiver, ulong units, CancellationToken cancellation)
    {
        var access = new JsonObject { ["type"] = "incoming-payment", ["actions"] = new JsonArray("create"), ["identifier"] = receiver.Id };
        var grant = await calls.PostAsync(receiver.AuthServer, AskFor(access), null, cancellation);
        if (grant.Fault != WalletFault.None) return WalletAnswer<string>.Failed(grant);
        if (TokenOf(grant.Json) is not { } token) return WalletAnswer<string>.Failed(WalletFault.NotAWallet);
        var body = new JsonObject { ["walletAddress"] = receiver.Id, ["incomingAmount"] = Amount(units, receiver) };
        var made = await calls.PostAsync(Below(receiver, "/incoming-payments"), body, token, cancellation);
        if (made.Fault != WalletFault.None) return WalletAnswer<string>.Failed(made);
        return Json.Text(made.Json, "id") is { } id ? WalletAnswer<string>.Of(id) : WalletAnswer<string>.Failed(WalletFault.NotAWallet);
    }

    /// <summary>What paying an incoming payment of a fixed amount costs the payer.</summary>
    public async Task<WalletAnswer<Quote>> QuoteAsync(PayerWallet wallet, string incomingPayment, CancellationToken cancellation)
    {
        var grant = await calls.PostAsync(wallet.AuthServer,
            AskFor(new JsonObject { ["type"] = "quote", ["actions"] = new JsonArray("create") }), null, cancellation);
        if (grant.Fault != WalletFault.None) return WalletAnswer<Quote>.Failed(grant);
        if (TokenOf(grant.Json) is not { } token) return WalletAnswer<Quote>.Failed(WalletFault.NotAWallet);
        var made = await calls.PostAsync(
            Below(wallet, "/quotes"),
            new JsonObject { ["walletAddress"] = wallet.Id, ["receiver"] = incomingPayment, ["method"] = "ilp" }, token, cancellation);
        if (made.Fault != WalletFault.None) return WalletAnswer<Quote>.Failed(made);
        return Json.Text(made.Json, "id") is { } id && Json.Amount(made.Json, "debitAmount") is { } debit
            && Json.Amount(made.Json, "receiveAmount") is { } receive
            ? WalletAnswer<Quote>.Of(new Quote(id, debit, receive))
            : WalletAnswer<Quote>.Failed(WalletFault.NotAWallet);
    }

    /// <summary>Asks for a grant to pay what was quoted and no more; the payer must consent.</summary>
    /// <param name="wallet">The payer's.</param>
    /// <param name="quote">What it costs.</param>
    /// <param name="returnTo">Where the payer comes back to.</param>
    /// <param name="nonce">Random; the client's half of the hash.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<WalletAnswer<PendingConsent>> AskForConsentAsync(
        PayerWallet wallet, Quote quote, Uri returnTo, string nonce, CancellationToken cancellation)
    {
        var body = AskFor(new JsonObject
        {
            ["type"] = "outgoing-payment",
            ["actions"] = new JsonArray("create", "read"),
            ["identifier"] = wallet.Id,
            ["limits"] = new JsonObject
            {
                ["debitAmount"] = Amount(quote.DebitAmount, wallet),
            },
        });
        body["interact"] = new JsonObject
        {
            ["start"] = new JsonArray("redirect"),
            ["finish"] = new JsonObject { ["method"] = "redirect", ["uri"] = returnTo.AbsoluteUri, ["nonce"] = nonce },
        };
        var made = await calls.PostAsync(wallet.AuthServer, body, null, cancellation);
        if (made.Fault != WalletFault.None) return WalletAnswer<PendingConsent>.Failed(made);
        if (Json.Member(made.Json, "interact") is not { } interact || Json.Member(made.Json, "continue") is not { } next
            || Json.Url(interact, "redirect") is not { } redirect || Json.Text(interact, "finish") is not { } finish
            || Json.Url(next, "uri") is not { } uri || TokenOf(next) is not { } token)
            return WalletAnswer<PendingConsent>.Failed(WalletFault.NotAWallet);
        var wait = ContinueWait.Read(next);
        return WalletAnswer<PendingConsent>.Of(
            new PendingConsent(redirect, finish, uri, token) { Wait = wait, ContinueAt = _time.GetUtcNow() + wait });
    }

    /// <summary>
    /// Fetches the grant that the payer consented to; the token to pay with. Waits first until the wallet wants to be asked, for 10 seconds
    /// at most, and asks once more if that was too early.
    /// </summary>
    public async Task<WalletAnswer<string>> FetchGrantAsync(PendingConsent consent, string reference, CancellationToken cancellation)
    {
        Task<WalletResponse> ContinueAsync() => calls.PostAsync(
            consent.ContinueUri, new JsonObject { ["interact_ref"] = reference }, consent.ContinueToken, cancellation);

        await ContinueWait.PassAsync(ContinueWait.Left(consent, _time), _time, cancellation);
        var made = await ContinueAsync();
        if (made.Fault == WalletFault.Refused && ContinueWait.IsTooFast(made.Json))
        {
            await ContinueWait.PassAsync(ContinueWait.AfterTooFast(consent), _time, cancellation);
            made = await ContinueAsync();
        }
        if (made.Fault != WalletFault.None) return WalletAnswer<string>.Failed(made);
        return TokenOf(made.Json) is { } token ? WalletAnswer<string>.Of(token) : WalletAnswer<string>.Failed(WalletFault.NotAWallet);
    }

    /// <summary>Makes the payment; the URL it has at the payer's wallet. That it was made does not say that money arrived.</summary>
    public async Task<WalletAnswer<string>> PayAsync(
        Uri resourceServer, string payer, string quoteId, string token, CancellationToken cancellation)
    {
        var made = await calls.PostAsync(
            Below(resourceServer, "/outgoing-payments"),
            new JsonObject { ["walletAddress"] = payer, ["quoteId"] = quoteId }, token, cancellation);
        if (made.Fault != WalletFault.None) return WalletAnswer<string>.Failed(made);
        if (Json.Text(made.Json, "id") is not { } id) return WalletAnswer<string>.Failed(WalletFault.NotAWallet);
        return Json.Member(made.Json, "failed") is { ValueKind: JsonValueKind.True }
            ? WalletAnswer<string>.Failed(WalletFault.Refused)
            : WalletAnswer<string>.Of(id);
    }

    private JsonObject AskFor(JsonObject access) =>
        new() { ["access_token"] = new JsonObject { ["access"] = new JsonArray(access) }, ["client"] = walletAddress };

    private static JsonObject Amount(ulong units, PayerWallet wallet) => new()
    {
        ["value"] = units.ToString(CultureInfo.InvariantCulture),
        ["assetCode"] = wallet.AssetCode,
        ["assetScale"] = wallet.AssetScale,
    };

    private static Uri Below(PayerWallet wallet, string path) => Below(wallet.ResourceServer, path);

    private static Uri Below(Uri server, string path) => new(server.AbsoluteUri.TrimEnd('/') + path);

    private static string? TokenOf(JsonElement json) => Json.Member(json, "access_token") is { } token ? Json.Token(token) : null;
}
