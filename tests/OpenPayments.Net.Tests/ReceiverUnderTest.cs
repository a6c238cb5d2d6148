using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using OpenPayments.Net.IncomingPayments;
using OpenPayments.Net.Signatures;
using OpenPayments.Net.WalletAddresses;

namespace OpenPayments.Net.Tests;

/// <summary>A real Kestrel with the receiver embedded, a wallet that is its client, and fakes of the stores.</summary>
/// <param name="origin">The receiver's public origin.</param>
public sealed class ReceiverUnderTest(string origin = "https://codius.test") : IAsyncLifetime
{
    public const string Hello = "https://hello.codius.test/.well-known/pay";

    /// <summary>A wallet address of an account with the longest name there is.</summary>
    public static readonly string Longest = $"https://{new string('x', 63)}.codius.test/.well-known/pay";

    private readonly MessageSigner _walletKey = NewKey("wallet-key");
    private readonly MessageSigner _secondKey = NewKey("second-key");
    private readonly MessageSigner _changedKey = NewKey("wallet-key");
    private WebApplication? _app;
    private WebApplication? _wallet;

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero));

    internal FakeIncomingPayments Payments { get; private set; } = null!;

    internal IncomingPaymentUrls Urls { get; private set; } = null!;

    public HttpClient Http { get; } = new();

    /// <summary>A client whose keys the receiver fetches from a real server.</summary>
    public TestClient Wallet { get; private set; } = null!;

    /// <summary>The same client, signing with its other key.</summary>
    public TestClient WalletWithSecondKey { get; private set; } = null!;

    /// <summary>The same client, signing with the key that takes the place of its first.</summary>
    public TestClient WalletWithChangedKey { get; private set; } = null!;

    /// <summary>A client with the same keys and a wallet address of 200 characters.</summary>
    public TestClient LongNamed { get; private set; } = null!;

    /// <summary>A client that is nothing but a key.</summary>
    public TestClient Bare { get; private set; } = null!;

    public int KeyFetches { get; private set; }

    /// <summary>True once the wallet has taken its first key out of its <c>jwks.json</c>.</summary>
    public bool FirstKeyIsGone { get; set; }

    /// <summary>True once the wallet has another first key under the same name.</summary>
    public bool FirstKeyIsChanged { get; set; }

    public string Origin => origin;

    public async ValueTask InitializeAsync()
    {
        Time.SetUtcNow(Time.GetUtcNow());
        var bareKey = NewKey("bare-key");
        _wallet = await StartAsync(app => app.MapGet("/{name}/jwks.json", () =>
        {
            KeyFetches++;
            MessageSigner[] keys = FirstKeyIsGone ? [_secondKey] : [FirstKeyIsChanged ? _changedKey : _walletKey, _secondKey];
            return Results.Text(new JsonObject { ["keys"] = new JsonArray([.. keys.Select(key => key.PublicJwk.ToJson())]) }.ToJsonString(),
                "application/json");
        }));
        var wallets = _wallet.Urls.First() + "/";
        Wallet = new TestClient(this, _walletKey, JsonValue.Create(wallets + "alice"));
        WalletWithSecondKey = new TestClient(this, _secondKey, JsonValue.Create(wallets + "alice"));
        WalletWithChangedKey = new TestClient(this, _changedKey, JsonValue.Create(wallets + "alice"));
        LongNamed = new TestClient(this, _walletKey, JsonValue.Create(wallets.PadRight(200, 'x')));
        Bare = new TestClient(this, bareKey, new JsonObject { ["jwk"] = bareKey.PublicJwk.ToJson() });
        Payments = new FakeIncomingPayments(Time);
        _app = await StartAsync(app => app.MapOpenPayments(), services => services
            .AddSingleton<TimeProvider>(Time)
            .AddSingleton<IIncomingPayments>(Payments)
            .AddSingleton<IWalletAddresses>(new WalletAddressList(
                new WalletAddress(Hello, "hello", "hello", "USD", 9),
                    new WalletAddress(Hello.Replace("hello", "other", StringComparison.Ordinal), "other", "other", "USD", 9),
                new WalletAddress(Longest, new string('x', 63), "longest", "USD", 9)))
            .AddSingleton<IPaymentMethods>(new OneMethod(Payments))
            .AddOpenPayments(options =>
            {
                options.Origin = origin;
                options.TokenKeys.Add(new byte[32]);
                options.AllowInsecureClients = true;
            }));
        Urls = _app.Services.GetRequiredService<IncomingPaymentUrls>();
        Http.BaseAddress = new Uri(_app.Urls.First());
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (_app is not null) await _app.DisposeAsync();
        if (_wallet is not null) await _wallet.DisposeAsync();
    }

    private static MessageSigner NewKey(string id) => new(RandomNumberGenerator.GetBytes(32), id, TimeProvider.System);

    private static async Task<WebApplication> StartAsync(Action<WebApplication> map, Action<IServiceCollection>? services = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        services?.Invoke(builder.Services);
        var app = builder.Build();
        map(app);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }

    private sealed class OneMethod(FakeIncomingPayments payments) : IPaymentMethods
    {
        public ValueTask<PaymentMethod?> MethodForAsync(IncomingPayment payment, CancellationToken cancellation) =>
            ValueTask.FromResult(payments.IsFull ? null : new PaymentMethod("test.codius.abc", new byte[32]));
    }
}

/// <summary>Signs requests to the receiver as one client, under the public URL while really asking Kestrel.</summary>
public sealed class TestClient(ReceiverUnderTest receiver, MessageSigner signer, JsonNode name)
{
    public JsonNode Name => name.DeepClone();

    public async Task<(int Status, JsonNode? Json, HttpResponseHeaders Headers)> SendAsync(
        HttpMethod method, string path, JsonNode? body = null, string? token = null, Action<HttpRequestMessage>? spoil = null)
    {
        using var request = new HttpRequestMessage(method, receiver.Origin + path);
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("GNAP", token);
        if (body is not null) request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        await signer.SignAsync(request, TestContext.Current.CancellationToken);
        request.RequestUri = new Uri(path, UriKind.Relative);
        spoil?.Invoke(request);
        using var response = await receiver.Http.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return ((int)response.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text), response.Headers);
    }

    public Task<(int Status, JsonNode? Json, HttpResponseHeaders Headers)> AskForGrantAsync(
        string[] actions, string? identifier = ReceiverUnderTest.Hello, Action<HttpRequestMessage>? spoil = null) =>
        AskForGrantAsync([AccessTo(identifier, actions)], spoil);

    public Task<(int Status, JsonNode? Json, HttpResponseHeaders Headers)> AskForGrantAsync(JsonNode[] access,
        Action<HttpRequestMessage>? spoil = null) =>
        SendAsync(HttpMethod.Post, "/auth", new JsonObject
        {
            ["access_token"] = new JsonObject { ["access"] = new JsonArray(access) },
            ["client"] = Name,
        }, spoil: spoil);

    public static JsonObject AccessTo(string? identifier, params string[] actions)
    {
        var access = new JsonObject
        {
            ["type"] = "incoming-payment",
            ["actions"] = new JsonArray([.. actions.Select(action => JsonValue.Create(action))]),
        };
        if (identifier is not null) access["identifier"] = identifier;
        return access;
    }

    public async Task<string> GrantAsync(params string[] actions)
    {
        var (status, json, _) = await AskForGrantAsync(actions);
        Assert.Equal(200, status);
        return (string)json!["access_token"]!["value"]!;
    }
}

/// <summary>A store of incoming payments that can be switched off.</summary>
internal sealed class FakeIncomingPayments(TimeProvider time) : IIncomingPayments
{
    private readonly InMemoryIncomingPayments _payments = new(time);

    public bool Down { get; set; }

    /// <summary>True once nothing can be paid any more.</summary>
    public bool IsFull { get; set; }

    /// <summary>The latest end that a new payment gets; null for the one that its client wants.</summary>
    public DateTimeOffset? LatestEnd { get; set; }

    /// <summary>What clients wanted to make.</summary>
    public List<IncomingPayment> Wanted { get; } = [];

    /// <summary>Called for each of them.</summary>
    public Func<CancellationToken, Task>? OnCreate { get; set; }

    /// <summary>Pays what a response that created a payment names.</summary>
    public bool Pay(string url, IncomingPaymentUrls urls, ulong units)
    {
        var parts = new Uri(url).AbsolutePath.Split('/');
        return urls.TryOpen(parts[2], parts[3], Guid.Parse(parts[5]), out var made) && _payments.TryCredit(made, units);
    }

    public async ValueTask<IncomingPayment> CreateAsync(
        IncomingPayment wanted, System.Net.IPAddress? from, CancellationToken cancellation)
    {
        _ = Guarded();
        Wanted.Add(wanted);
        if (OnCreate is { } act) await act(cancellation);
        return LatestEnd is { } end ? wanted with { ExpiresAt = end } : wanted;
    }

    public ValueTask<IncomingPayment> ReadAsync(IncomingPayment made, CancellationToken cancellation) =>
        Guarded().ReadAsync(made, cancellation);

    public ValueTask<IncomingPayment> CompleteAsync(IncomingPayment made, System.Net.IPAddress? from, CancellationToken cancellation) =>
        Guarded().CompleteAsync(made, from, cancellation);

    public ValueTask<IncomingPaymentPage?> ListAsync(string account, string clientId, PageRequest page, CancellationToken cancellation) =>
        Guarded().ListAsync(account, clientId, page, cancellation);

    private InMemoryIncomingPayments Guarded() =>
        Down ? throw new OpenPaymentsUnavailableException("switched off by the test") : _payments;
}
