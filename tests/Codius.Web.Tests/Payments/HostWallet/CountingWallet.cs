using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Codius.Web.Tests.Payments.HostWallet;

/// <summary>A host's wallet without a network, whose payments are never paid: it counts the calls by kind.</summary>
internal sealed class CountingWallet : HttpMessageHandler
{
    public const string Pointer = "$wallet.example/host";
    public const string Payments = "https://wallet.example/incoming-payments/";

    private readonly ConcurrentDictionary<string, int> _calls = new();

    public int CountOf(string kind) => _calls.GetValueOrDefault(kind);

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var url = request.RequestUri!.AbsoluteUri;
        var (kind, answer) = url switch
        {
            "https://wallet.example/host" => ("document", Document()),
            "https://wallet.example/auth" => ("grant", Grant()),
            "https://wallet.example/rotate" => ("rotate", Grant()),
            _ => ("read", Payment(url)),
        };
        _calls.AddOrUpdate(kind, 1, static (_, count) => count + 1);
        return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = JsonContent.Create(answer) });
    }

    private static JsonObject Document() => new()
    {
        ["id"] = "https://wallet.example/host",
        ["assetCode"] = "USD",
        ["assetScale"] = 2,
        ["authServer"] = "https://wallet.example/auth",
        ["resourceServer"] = "https://wallet.example",
    };

    private static JsonObject Grant() => new()
    {
        ["access_token"] = new JsonObject
        {
            ["value"] = "token",
            ["manage"] = "https://wallet.example/rotate",
            ["expires_in"] = 600,
        },
    };

    private static JsonObject Payment(string url) => new()
    {
        ["id"] = url,
        ["walletAddress"] = "https://wallet.example/host",
        ["completed"] = false,
        ["receivedAmount"] = new JsonObject { ["value"] = "0", ["assetCode"] = "USD", ["assetScale"] = 2 },
    };
}
