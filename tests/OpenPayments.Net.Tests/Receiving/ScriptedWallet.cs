using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using OpenPayments.Net.Paying;

namespace OpenPayments.Net.Tests.Receiving;

/// <summary>A host's wallet, as a Rafiki is one: one token at a time is good, and each answer can be scripted.</summary>
internal sealed class ScriptedWallet : HttpMessageHandler
{
    public const string Payment = "https://wallet.example/op/incoming-payments/0c5a9d3e-0000-4000-8000-000000000001";
    public const string Complete = $"POST {Payment}/complete";
    public const string Read = $"GET {Payment}";
    public const string Create = "POST https://wallet.example/op/incoming-payments";
    public const string Grant = "POST https://auth.wallet.example/";
    public const string Rotate = "POST https://auth.wallet.example/token/1";

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Queue<HttpResponseMessage>> _script = [];
    private int _tokens;

    public static PayerWallet Document { get; } = new(
        "https://wallet.example/me", "Me", "USD", 2, new Uri("https://auth.wallet.example/"), new Uri("https://wallet.example/op"));

    /// <summary>Method and URL of each request, in order.</summary>
    public ConcurrentQueue<string> Asked { get; } = new();

    /// <summary>The JSON bodies of the requests that had one.</summary>
    public ConcurrentQueue<JsonNode> Bodies { get; } = new();

    /// <summary>Pass before a request for a grant is answered.</summary>
    public Task BeforeGrants { get; set; } = Task.CompletedTask;

    /// <summary>Seconds that a token is good for, as the answer says; null if it does not.</summary>
    public int? Lifetime { get; set; } = 600;

    /// <summary>The token that is good now: 20 characters, as Rafiki's.</summary>
    public string Token => $"token-{_tokens:D14}";

    public int AskedFor(string request) => Asked.Count(asked => asked == request);

    /// <summary>The next answer to a request is this one.</summary>
    public void Answer(string request, HttpStatusCode status, string body = "", Action<HttpResponseMessage>? change = null)
    {
        var response = new HttpResponseMessage(status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        change?.Invoke(response);
        if (!_script.TryGetValue(request, out var queue)) _script[request] = queue = new Queue<HttpResponseMessage>();
        queue.Enqueue(response);
    }

    /// <summary>No token that was given is good any more.</summary>
    public void Revoke() => Interlocked.Increment(ref _tokens);

    /// <summary>A payment as the wallet describes it, changed.</summary>
    public static string Described(Action<JsonObject>? change = null)
    {
        var json = JsonNode.Parse(
            """
            {"walletAddress":"https://wallet.example/me","completed":false,"createdAt":"2026-11-23T12:00:00.000Z",
             "receivedAmount":{"value":"5","assetCode":"USD","assetScale":2},"expiresAt":"2026-11-23T13:00:00.000Z",
             "methods":[{"type":"card"},
               {"type":"ilp","ilpAddress":"test.wallet.x_~-Y","sharedSecret":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"}]}
            """)!.AsObject();
        json["id"] = Payment;
        change?.Invoke(json);
        return json.ToJsonString();
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var asked = $"{request.Method} {request.RequestUri!.AbsoluteUri}";
        Asked.Enqueue(asked);
        if (request.Content is { } content)
            Bodies.Enqueue(JsonNode.Parse(await content.ReadAsStringAsync(cancellationToken))!);
        if (asked == Grant) await BeforeGrants;
        lock (_lock)
        {
            if (_script.TryGetValue(asked, out var script) && script.TryDequeue(out var scripted)) return scripted;
            if (asked == Grant) return NewToken();
            if (request.Headers.Authorization?.Parameter != Token)
                return Of(HttpStatusCode.Forbidden, """{"error":{"code":"insufficient_grant","description":"Inactive Token"}}""");
            return asked switch
            {
                Rotate => NewToken(),
                Create => Of(HttpStatusCode.Created, Described()),
                Complete => Of(HttpStatusCode.OK, Described(json => json["completed"] = true)),
                Read => Of(HttpStatusCode.OK, Described()),
                _ => Of(HttpStatusCode.NotFound, ""),
            };
        }
    }

    private HttpResponseMessage NewToken()
    {
        _tokens++;
        var token = new JsonObject { ["value"] = Token, ["manage"] = "https://auth.wallet.example/token/1" };
        if (Lifetime is { } seconds) token["expires_in"] = seconds;
        return Of(HttpStatusCode.OK, new JsonObject { ["access_token"] = token }.ToJsonString());
    }

    private static HttpResponseMessage Of(HttpStatusCode status, string body) =>
        new(status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
}
