using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace SoakLoad;

/// <summary>Requests of clients that pay nothing, at every endpoint that a stranger reaches; each names another account.</summary>
internal sealed class Strangers(Uri gateway, ClientAddresses addresses, SilentHosts silent, Outcomes outcomes)
{
    private const int MostAtOnce = 2_000;
    private static readonly MediaTypeHeaderValue Json = new("application/json");
    private readonly ConcurrentBag<StrangersGrants> _grants = [];

    private (string Kind, Func<Task> Send)[] Kinds =>
    [
        ("incoming payment of an invented account", IncomingPaymentAsync),
        ("grant, rotated or ended", EndGrantAsync),
        ("grant of an invented wallet", () => SendAsync("grant of an invented wallet", Signed(Post("/auth", Named($"https://w{Hash()[..20]}.invalid/me"))))),
        ("grant of a silent wallet", () => SendAsync("grant of a silent wallet", Signed(Post("/auth", Named(silent.AnyWallet()))))),
        ("SPSP query", () => SendAsync("SPSP query", Get(OfHost($"/pay/{Account()}"), "application/spsp4+json"))),
        ("wallet address", () => SendAsync("wallet address", Get(OfHost($"/pay/{Account()}"), "application/json"))),
        ("balance", () => SendAsync("balance", Get(OfHost($"/.well-known/codius/balance?account={Account()}")))),
        ("receipt", () => SendAsync("receipt", Post($"/balances/{Account()}:creditReceipt", Random(58)))),
        ("packet without a connector's token", () => SendAsync("packet without a connector's token", Packet())),
        ("deploy without money", () => SendAsync("deploy without money", Deploy())),
        ("what runs under a hash", () => SendAsync("what runs under a hash", Get(OfHost($"/services/{Hash()}")))),
        ("host's page", () => SendAsync("host's page", Get(OfHost("/"), "text/html"))),
        ("visit without money", () => SendAsync("visit without money", Get(OfApp("poor", "/" + Hash()), "text/html"))),
        ("visit of no app", () => SendAsync("visit of no app", Get(OfApp(Hash()[..20], "/")))),
        ("pay from an invented wallet", () => SendAsync("pay from an invented wallet", OwnWallet())),
    ];

    /// <summary>Sends at this rate until cancelled; how many were left out since too many were unanswered.</summary>
    public Task<long> RunAsync(double perSecond, CancellationToken cancellation)
    {
        var kinds = Kinds;
        return OpenLoop.RunAsync(perSecond, MostAtOnce, number => kinds[number % kinds.Length].Send(), cancellation);
    }

    private Task<string?> SendAsync(string kind, HttpRequestMessage request) => outcomes.SendAsync(kind, addresses.Any(), request);

    private async Task IncomingPaymentAsync()
    {
        var client = new StrangersGrants(gateway, addresses.Any(), outcomes);
        if (await client.RequestAsync()
            && await client.CreatePaymentAsync($"http://{gateway.Authority}/pay/{Account()}")) _grants.Add(client);
    }

    private async Task EndGrantAsync()
    {
        if (_grants.TryTake(out var client)) await client.EndAsync();
    }

    private static HttpRequestMessage Get(Uri url, string accept = "*/*")
    {
        var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.TryAddWithoutValidation("Accept", accept);
        return request;
    }

    private HttpRequestMessage Post(string path, string body) =>
        new(HttpMethod.Post, OfHost(path)) { Content = new StringContent(body, Encoding.UTF8, Json) };

    /// <summary>With a signature that no key made, so that the key is fetched.</summary>
    private static HttpRequestMessage Signed(HttpRequestMessage request)
    {
        var body = request.Content!.ReadAsStream();
        request.Content.Headers.TryAddWithoutValidation(
            "Content-Digest", $"sha-256=:{Convert.ToBase64String(SHA256.HashData(body))}:");
        body.Position = 0;
        request.Content.Headers.ContentLength = body.Length;
        var created = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        request.Headers.TryAddWithoutValidation("Signature-Input",
            "sig1=(\"@method\" \"@target-uri\" \"content-digest\" \"content-length\" \"content-type\");"
            + $"keyid=\"key\";created={created}");
        request.Headers.TryAddWithoutValidation("Signature", $"sig1=:{Random(64)}:");
        return request;
    }

    private HttpRequestMessage Packet()
    {
        var request = new HttpRequestMessage(HttpMethod.Post, OfHost("/ilp"))
        {
            Content = new ByteArrayContent(RandomNumberGenerator.GetBytes(200)),
        };
        request.Content.Headers.ContentType = new("application/octet-stream");
        request.Headers.Authorization = new("Bearer", Random(16));
        return request;
    }

    private HttpRequestMessage Deploy()
    {
        var request = new HttpRequestMessage(HttpMethod.Put, OfHost($"/services/a{Hash()[..20]}"))
        {
            Content = new StringContent(
                """{"spec":{"containers":[{"name":"app","image":"hello"}],"port":8080}}""", Encoding.UTF8, Json),
        };
        request.Headers.Authorization = new("Bearer", Random(32));
        return request;
    }

    private HttpRequestMessage OwnWallet()
    {
        var request = new HttpRequestMessage(HttpMethod.Post, OfApp("hello", "/.well-known/codius/pay"))
        {
            Content = new FormUrlEncodedContent(new Dictionary<string, string>
            {
                ["wallet"] = $"$w{Hash()[..20]}.invalid",
                ["amount"] = "now",
                ["back"] = "/",
            }),
        };
        request.Headers.Add("Origin", $"http://hello.{gateway.Authority}");
        return request;
    }

    private static string Named(string wallet) => new JsonObject
    {
        ["access_token"] = new JsonObject
        {
            ["access"] = new JsonArray(
                new JsonObject { ["type"] = "incoming-payment", ["actions"] = new JsonArray("create", "read") }),
        },
        ["client"] = wallet,
    }.ToJsonString();

    private Uri OfHost(string path) => new($"http://{gateway.Authority}{path}");

    private Uri OfApp(string name, string path) => new($"http://{name}.{gateway.Authority}{path}");

    /// <summary>An account that anyone may pay: that of a deploy token that does not exist.</summary>
    private static string Account() => "t-" + Hash();

    private static string Hash() => RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyz234567", 52);

    private static string Random(int bytes) => Convert.ToBase64String(RandomNumberGenerator.GetBytes(bytes));
}
