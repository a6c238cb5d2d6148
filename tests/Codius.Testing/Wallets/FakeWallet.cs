using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using Interledger.Net.Packets;
using Interledger.Net.Streaming;
using Interledger.Net.Streaming.Sending;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using OpenPayments.Net.Paying;
using OpenPayments.Net.Signatures;

namespace Codius.Testing.Wallets;

/// <summary>
/// A fake of a payer's wallet, for one payer called alice: a real server that checks every signature, quotes with one unit in a
/// hundred on top, asks for consent on a page of its own, and then really pays, by STREAM.
/// </summary>
internal sealed class FakeWallet : IAsyncDisposable
{
    private readonly WebApplication _server;
    private readonly FakeWalletBooks _books;
    private readonly IIlpSender _connector;
    private readonly ConcurrentDictionary<string, JsonNode> _consents = new();
    private readonly ConcurrentDictionary<string, WalletQuote> _quotes = new();
    private readonly ConcurrentQueue<Task<PaymentResult>> _payments = new();

    private FakeWallet(FakeWalletBooks books, IIlpSender connector)
    {
        (_books, _connector) = (books, connector);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _server = builder.Build();
        _server.MapGet("/alice", Document);
        _server.MapGet("/own-domain/{redirects:int}", (int redirects) =>
            Results.Redirect(redirects > 1 ? $"/own-domain/{redirects - 1}" : RedirectsTo ?? Address));
        _server.MapGet("/alice/jwks.json", () =>
            Results.Text(
                new JsonObject { ["keys"] = new JsonArray([.. Keys.Select(key => key.ToJson())]) }.ToJsonString(), "application/json"));
        _server.MapPost("/auth", context => AnswerAsync(context, GrantAsync));
        _server.MapPost("/auth/continue/{id}", context => AnswerAsync(context, Continue));
        _server.MapPost("/op/quotes", context => AnswerAsync(context, QuoteAsync));
        _server.MapPost("/op/outgoing-payments", context => AnswerAsync(context, Pay));
        _server.MapGet("/consent/{id}", (string id) => Results.Content(
            $"""
            <!doctype html><html lang="en"><title>A fake wallet</title><h1>Pay {_consents[id]["limit"]} units?</h1>
            <a href="/consent/{id}/yes">Yes</a> <a href="/consent/{id}/no">No</a>
            """, "text/html"));
        _server.MapGet("/consent/{id}/{choice}", Choose);
    }

    public string Origin => _server.Urls.Single();

    public string Address => Origin + "/alice";

    /// <summary>What the document names as its wallet address; null for <see cref="Address"/>.</summary>
    public string? NamedId { get; set; }

    /// <summary>Where the redirects of an address of <see cref="OwnDomain"/> end; null for <see cref="Address"/>.</summary>
    public string? RedirectsTo { get; set; }

    /// <summary>Makes a path fail with this status.</summary>
    public (string Path, int Status)? Trouble { get; set; }

    /// <summary>The body of such a failure, as JSON.</summary>
    public string? TroubleBody { get; set; }

    /// <summary>How long a client must wait before it continues a grant, as the answer says; zero for no wait.</summary>
    public TimeSpan Wait { get; set; }

    /// <summary>The clock of <see cref="Wait"/>.</summary>
    public TimeProvider Clock { get; set; } = TimeProvider.System;

    /// <summary>How often a client continued a grant before the wait was over.</summary>
    public int TooFast { get; private set; }

    /// <summary>The keys of its owner's programs, such as a browser's extension.</summary>
    public ConcurrentBag<Jwk> Keys { get; } = [];

    /// <summary>Called for each answered request of a client: method and URL, body, status, answer.</summary>
    public Action<string, string, int, string>? OnAnswered { get; set; }

    /// <summary>Units debited from its owner.</summary>
    public ulong Debited { get; private set; }

    /// <summary>An address that redirects so often before it leads to the wallet.</summary>
    public string OwnDomain(int redirects) => $"{Origin}/own-domain/{redirects}";

    /// <summary>All payments it made, once they are over.</summary>
    public Task<PaymentResult[]> PaymentsAsync() => Task.WhenAll(_payments);

    /// <param name="toReceiver">Connects to the receiver's host, whatever name it has.</param>
    /// <param name="connector">Where its packets go.</param>
    public static async Task<FakeWallet> StartAsync(HttpMessageHandler toReceiver, IIlpSender connector)
    {
        var wallet = new FakeWallet(new FakeWalletBooks(new HttpClient(toReceiver)), connector);
        await wallet._server.StartAsync();
        return wallet;
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _books.Dispose();
    }

    private IResult Document() => Results.Json(new
    {
        id = NamedId ?? Address,
        publicName = "Alice's wallet",
        assetCode = "USD",
        assetScale = 9,
        authServer = Origin + "/auth",
        resourceServer = Origin + "/op",
    });

    private async Task<JsonNode?> GrantAsync(HttpContext context, JsonNode body)
    {
        var access = body["access_token"]!["access"]![0]!;
        if ((string)access["type"]! == "quote") return Token("quote");
        // As in Rafiki: a client that asks the owner for consent must have a name.
        if (await _books.NameOfAsync((string)body["client"]!) is null || (string)access["identifier"]! != (NamedId ?? Address)) return null;
        var (id, finish) = (Guid.NewGuid().ToString("n"), Guid.NewGuid().ToString("n"));
        _consents[id] = new JsonObject
        {
            ["limit"] = (string)access["limits"]!["debitAmount"]!["value"]!,
            ["finish"] = finish,
            ["uri"] = (string)body["interact"]!["finish"]!["uri"]!,
            ["nonce"] = (string)body["interact"]!["finish"]!["nonce"]!,
            ["continuedAt"] = Clock.GetUtcNow(),
        };
        var next = new JsonObject
        {
            ["access_token"] = new JsonObject { ["value"] = "continue-" + id },
            ["uri"] = $"{Origin}/auth/continue/{id}",
        };
        if (Wait > TimeSpan.Zero) next["wait"] = (int)Wait.TotalSeconds;
        return new JsonObject
        {
            ["interact"] = new JsonObject { ["redirect"] = $"{Origin}/consent/{id}", ["finish"] = finish },
            ["continue"] = next,
        };
    }

    private IResult Choose(string id, string choice)
    {
        var consent = _consents[id];
        if (choice != "yes") return Results.Redirect($"{consent["uri"]}?result=grant_rejected");
        var reference = "ref-" + id;
        var hash = InteractionHash.Of((string)consent["nonce"]!, (string)consent["finish"]!, reference, Origin + "/auth/");
        return Results.Redirect($"{consent["uri"]}?hash={Uri.EscapeDataString(hash)}&interact_ref={reference}");
    }

    private Task<JsonNode?> Continue(HttpContext context, JsonNode body)
    {
        var id = (string)context.Request.RouteValues["id"]!;
        if (_consents.TryGetValue(id, out var consent) && Clock.GetUtcNow() < (DateTimeOffset)consent["continuedAt"]! + Wait)
        {
            TooFast++;
            consent["continuedAt"] = Clock.GetUtcNow();
            return Task.FromResult<JsonNode?>(new JsonObject { ["error"] = new JsonObject { ["code"] = "too_fast" } });
        }
        var good = context.Request.Headers.Authorization == "GNAP continue-" + id && (string)body["interact_ref"]! == "ref-" + id
            && _consents.TryRemove(id, out _);
        return Task.FromResult<JsonNode?>(good ? Token("pay") : null);
    }

    private async Task<JsonNode?> QuoteAsync(HttpContext context, JsonNode body)
    {
        if (context.Request.Headers.Authorization != "GNAP quote"
            || await _books.ReadPaymentAsync((string)body["receiver"]!) is not { } payment) return null;
        var arrives = ulong.Parse((string)payment["incomingAmount"]!["value"]!, CultureInfo.InvariantCulture);
        var quote = new WalletQuote($"{Origin}/op/quotes/{Guid.NewGuid()}", arrives, arrives + (arrives / 100) + 1, payment);
        _quotes[quote.Id] = quote;
        return new JsonObject
        {
            ["id"] = quote.Id,
            ["debitAmount"] = Amount(quote.Debit),
            ["receiveAmount"] = Amount(arrives),
            ["receiver"] = (string)body["receiver"]!,
        };
    }

    private Task<JsonNode?> Pay(HttpContext context, JsonNode body)
    {
        if (context.Request.Headers.Authorization != "GNAP pay" || !_quotes.TryRemove((string)body["quoteId"]!, out var quote))
            return Task.FromResult<JsonNode?>(null);
        Debited += quote.Debit;
        _payments.Enqueue(SendAsync(quote));
        return Task.FromResult<JsonNode?>(new JsonObject
        {
            ["id"] = $"{Origin}/op/outgoing-payments/{Guid.NewGuid()}",
            ["failed"] = false,
            ["debitAmount"] = Amount(quote.Debit),
        });
    }

    /// <summary>Pays an incoming payment for a program of its owner, without consent.</summary>
    public async Task<PaymentResult> PayAsync(string incomingPayment, ulong units)
    {
        var payment = await _books.ReadPaymentAsync(incomingPayment)
            ?? throw new InvalidOperationException($"{incomingPayment} cannot be read");
        return await SendAsync(new WalletQuote("", units, units, payment));
    }

    private async Task<PaymentResult> SendAsync(WalletQuote quote)
    {
        var method = quote.Payment["methods"]![0]!;
        var secret = new StreamSecret(System.Buffers.Text.Base64Url.DecodeFromChars((string)method["sharedSecret"]!));
        await using var sender = new StreamSender(_connector, IlpAddress.Parse((string)method["ilpAddress"]!), secret);
        return await sender.SendAsync(quote.Arrives, CancellationToken.None);
    }

    private async Task AnswerAsync(HttpContext context, Func<HttpContext, JsonNode, Task<JsonNode?>> answer)
    {
        if (Trouble is { } trouble && context.Request.Path == trouble.Path)
        {
            context.Response.StatusCode = trouble.Status;
            if (TroubleBody is { } text) await context.Response.WriteAsync(text);
            return;
        }
        var body = await _books.VerifyAsync(context, Origin);
        var json = (body is null ? null : await answer(context, body))
            ?? new JsonObject { ["error"] = new JsonObject { ["code"] = "invalid_request" } };
        context.Response.StatusCode = json["error"] is not null ? 400 : context.Request.Path.StartsWithSegments("/op") ? 201 : 200;
        context.Response.ContentType = "application/json";
        OnAnswered?.Invoke(
            $"{context.Request.Method} {Origin}{context.Request.Path}", body?.ToJsonString() ?? "",
            context.Response.StatusCode, json.ToJsonString());
        await context.Response.WriteAsync(json.ToJsonString());
    }

    private static JsonObject Token(string value) => new() { ["access_token"] = new JsonObject { ["value"] = value } };

    private static JsonObject Amount(ulong units) =>
        new() { ["value"] = units.ToString(CultureInfo.InvariantCulture), ["assetCode"] = "USD", ["assetScale"] = 9 };

    private sealed record WalletQuote(string Id, ulong Arrives, ulong Debit, JsonNode Payment);
}
