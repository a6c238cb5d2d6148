using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using NSec.Cryptography;
using OpenPayments.Net.Clients;
using OpenPayments.Net.Grants;
using OpenPayments.Net.IncomingPayments;
using OpenPayments.Net.Signatures;
using OpenPayments.Net.WalletAddresses;

namespace OpenPayments.Net.Tests;

/// <summary>A real Kestrel with the receiver embedded, a wallet that is its client, and fakes of the stores.</summary>
public sealed class ReceiverUnderTest : IAsyncLifetime
{
    public const string Origin = "https://codius.test";
    public const string Hello = "https://hello.codius.test/.well-known/pay";
    private WebApplication? _app;
    private WebApplication? _wallet;

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero));

    internal FakeIncomingPayments Payments { get; } = new();

    public HttpClient Http { get; } = new();

    /// <summary>A client whose keys the receiver fetches from a real server.</summary>
    public TestClient Wallet { get; private set; } = null!;

    /// <summary>A client that is nothing but a key.</summary>
    public TestClient Bare { get; private set; } = null!;

    public int KeyFetches { get; private set; }

    public async ValueTask InitializeAsync()
    {
        Time.SetUtcNow(Time.GetUtcNow());
        var walletKey = new MessageSigner(Key.Create(SignatureAlgorithm.Ed25519), "wallet-key", Time);
        var bareKey = new MessageSigner(Key.Create(SignatureAlgorithm.Ed25519), "bare-key", Time);
        _wallet = await StartAsync(app => app.MapGet("/alice/jwks.json", () =>
        {
            KeyFetches++;
            return Results.Text(new JsonObject { ["keys"] = new JsonArray(walletKey.PublicJwk.ToJson()) }.ToJsonString(), "application/json");
        }));
        Wallet = new TestClient(this, walletKey, JsonValue.Create(_wallet.Urls.First() + "/alice"));
        Bare = new TestClient(this, bareKey, new JsonObject { ["jwk"] = bareKey.PublicJwk.ToJson() });
        _app = await StartAsync(app => app.MapOpenPayments(), services => services
            .AddSingleton(new OpenPaymentsOptions { Origin = Origin })
            .AddSingleton(new GrantTokens([new byte[32]]))
            .AddSingleton(new ClientKeys(GuardedHttp.Create(insecure: true), insecure: true, Time))
            .AddSingleton<TimeProvider>(Time)
            .AddSingleton<ICancelledGrants, FakeCancelledGrants>()
            .AddSingleton<IIncomingPayments>(Payments)
            .AddSingleton<IWalletAddresses, TwoWalletAddresses>()
            .AddSingleton<IPaymentMethods, OneMethod>()
            .AddOpenPaymentsReceiver());
        Http.BaseAddress = new Uri(_app.Urls.First());
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (_app is not null) await _app.DisposeAsync();
        if (_wallet is not null) await _wallet.DisposeAsync();
    }

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

    private sealed class TwoWalletAddresses : IWalletAddresses
    {
        private static readonly WalletAddress[] All =
            [new(Hello, "hello", "hello", "USD", 9), new(Hello.Replace("hello", "other", StringComparison.Ordinal), "other", "other", "USD", 9)];

        public WalletAddress? Find(string id) => All.FirstOrDefault(address => address.Id == id);

        public WalletAddress? OfAccount(string account) => All.FirstOrDefault(address => address.Account == account);
    }

    private sealed class OneMethod : IPaymentMethods
    {
        public (string IlpAddress, byte[] SharedSecret) MethodFor(IncomingPayment payment) => ("test.codius.abc", new byte[32]);
    }

    /// <summary>A fake of the store of cancelled grants.</summary>
    private sealed class FakeCancelledGrants : ICancelledGrants
    {
        private readonly ConcurrentDictionary<string, bool> _ids = new();

        public ValueTask<bool> IsCancelledAsync(string grantId, string tokenId, CancellationToken cancellation) =>
            ValueTask.FromResult(_ids.ContainsKey(grantId) || _ids.ContainsKey(tokenId));

        public ValueTask<bool> CancelAsync(string id, DateTimeOffset until, CancellationToken cancellation) => ValueTask.FromResult(_ids.TryAdd(id, true));
    }
}

/// <summary>Signs requests to the receiver as one client, under the public URL while really asking Kestrel.</summary>
public sealed class TestClient(ReceiverUnderTest receiver, MessageSigner signer, JsonNode name)
{
    public JsonNode Name => name.DeepClone();

    public async Task<(int Status, JsonNode? Json, HttpResponseHeaders Headers)> SendAsync(
        HttpMethod method, string path, JsonNode? body = null, string? token = null, Action<HttpRequestMessage>? spoil = null)
    {
        using var request = new HttpRequestMessage(method, ReceiverUnderTest.Origin + path);
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("GNAP", token);
        if (body is not null) request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        await signer.SignAsync(request, TestContext.Current.CancellationToken);
        request.RequestUri = new Uri(path, UriKind.Relative);
        spoil?.Invoke(request);
        using var response = await receiver.Http.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return ((int)response.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text), response.Headers);
    }

    public Task<(int Status, JsonNode? Json, HttpResponseHeaders Headers)> AskForGrantAsync(string[] actions, string? identifier = ReceiverUnderTest.Hello, Action<HttpRequestMessage>? spoil = null)
    {
        var access = new JsonObject { ["type"] = "incoming-payment", ["actions"] = new JsonArray([.. actions.Select(action => JsonValue.Create(action))]) };
        if (identifier is not null) access["identifier"] = identifier;
        return SendAsync(HttpMethod.Post, "/auth", new JsonObject
        {
            ["access_token"] = new JsonObject { ["access"] = new JsonArray(access) },
            ["client"] = Name,
        }, spoil: spoil);
    }

    public async Task<string> GrantAsync(params string[] actions)
    {
        var (status, json, _) = await AskForGrantAsync(actions);
        Assert.Equal(200, status);
        return (string)json!["access_token"]!["value"]!;
    }
}

/// <summary>A fake of the store of incoming payments.</summary>
internal sealed class FakeIncomingPayments : IIncomingPayments
{
    private readonly ConcurrentDictionary<Guid, IncomingPayment> _payments = new();

    /// <summary>What asking for a new one comes to.</summary>
    public CreationOutcome Outcome { get; set; }

    public bool Down { get; set; }

    public ValueTask<CreationOutcome> CreateAsync(IncomingPayment payment, System.Net.IPAddress? from, CancellationToken cancellation)
    {
        Guard();
        if (Outcome == CreationOutcome.Created) _payments[payment.Id] = payment;
        return ValueTask.FromResult(Outcome);
    }

    public ValueTask<IncomingPayment?> FindAsync(string account, Guid id, CancellationToken cancellation)
    {
        Guard();
        return ValueTask.FromResult(_payments.GetValueOrDefault(id));
    }

    public ValueTask<IncomingPayment?> CompleteAsync(string account, Guid id, CancellationToken cancellation)
    {
        Guard();
        if (!_payments.TryGetValue(id, out var payment)) return ValueTask.FromResult<IncomingPayment?>(null);
        return ValueTask.FromResult<IncomingPayment?>(_payments[id] = payment with { Completed = true });
    }

    public ValueTask<IReadOnlyList<IncomingPayment>> ListAsync(string account, string clientId, CancellationToken cancellation)
    {
        Guard();
        return ValueTask.FromResult<IReadOnlyList<IncomingPayment>>([.. _payments.Values.Where(payment => payment.ClientId == clientId).OrderBy(payment => payment.CreatedAt)]);
    }

    private void Guard()
    {
        if (Down) throw new OpenPaymentsUnavailableException("switched off by the test");
    }
}
