using System.Net;
using System.Text.Json.Nodes;
using Codius.Testing;
using Codius.Testing.Wallets;
using Codius.Web.Hosting.Rates;
using Codius.Web.Pages;
using Codius.Web.Pages.Following;
using Codius.Web.Payments;
using Codius.Web.Tests.Payments.OpenPayments;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Codius.Web.Tests.Payments;

/// <summary>Endpoints for anonymous callers enforce the configured rates: 429, <c>Retry-After</c>, a counter raised.</summary>
public sealed class LimitsTests
{
    private const string Payments = "codius.payments.refused";
    private const string Pages = "codius.pages.refused";

    private static readonly string[] Three =
        ["Payments:PerClient=1", "Payments:PerClientBurst=3", "Pages:PerClient=1", "Pages:PerClientBurst=3"];

    private static readonly string[] Two =
        // A quarter of them is one address's.
        ["Payments:PerAccount=1", "Payments:PerAccountBurst=8", "Pages:PerAccount=1", "Pages:PerAccountBurst=8"];

    public static TheoryData<string, string, string, string> Endpoints => new()
    {
        { "spsp", "GET", "{app}.well-known/pay", Payments },
        { "spsp", "GET", "{app}.well-known/pay/jwks.json", Payments },
        { "spsp", "GET", "{host}pay/{account}", Payments },
        { "grants", "POST", "{host}auth", Payments },
        { "grants", "POST", "{host}auth/token/x", Payments },
        { "grants", "DELETE", "{host}auth/continue/x", Payments },
        { "incoming payments", "POST", "{host}op/{account}/incoming-payments", Payments },
        { "incoming payments", "GET", "{host}op/{account}/sealed/incoming-payments/7b0a1c5e-0000-4000-8000-000000000000", Payments },
        {
            "incoming payments", "POST", "{host}op/{account}/sealed/incoming-payments/7b0a1c5e-0000-4000-8000-000000000000/complete",
            Payments
        },
        { "receipt", "POST", "{host}balances/{account}:creditReceipt", Payments },
        { "balance", "GET", "{host}balances/{account}", Payments },
        { "own wallet", "POST", "{app}.well-known/codius/pay", Payments },
        { "pay", "GET", "{app}.well-known/codius/pay", Pages },
        { "events", "GET", "{app}.well-known/codius/events", Pages },
        { "events", "GET", "{host}.well-known/codius/events?account={account}", Pages },
        { "balance", "GET", "{app}.well-known/codius/balance", Pages },
    };

    [Theory]
    [MemberData(nameof(Endpoints))]
    public async Task One_client_may_come_so_often_to_an_endpoint_and_is_then_told_to_wait(string endpoint, string method, string url,
        string counter)
    {
        await using var gateway = await StartAsync(Three);
        var app = gateway.NewApp();
        using var refused = new RefusalCounter(endpoint, "too many, by client", counter);

        for (var i = 0; i < 3; i++) Assert.NotEqual(HttpStatusCode.TooManyRequests, (await SendAsync(gateway, app, method, url)).Status);
        var (status, wait, body) = await SendAsync(gateway, app, method, url);

        Assert.Equal((HttpStatusCode.TooManyRequests, "1"), (status, wait));
        AssertRefusal(endpoint, "Too many requests came from this address. Wait, then try again.", body);
        Assert.Null(await gateway.ReadAsync(app));
        refused.AssertAtLeast(1);
    }

    [Theory]
    [MemberData(nameof(Endpoints))]
    public async Task All_clients_together_may_come_so_often_for_one_account(string endpoint, string method, string url, string counter)
    {
        // A grant's account is in its body, see below; the keys are the gateway's own.
        if (endpoint == "grants" || url.EndsWith("jwks.json", StringComparison.Ordinal)) return;
        await using var gateway = await StartAsync(Two);
        var (app, other) = (gateway.NewApp(), gateway.NewApp());
        using var refused = new RefusalCounter(endpoint, "too many, by account", counter);

        for (var i = 0; i < 2; i++) Assert.NotEqual(HttpStatusCode.TooManyRequests, (await SendAsync(gateway, app, method, url)).Status);
        var (status, wait, body) = await SendAsync(gateway, app, method, url);

        Assert.Equal((HttpStatusCode.TooManyRequests, "1"), (status, wait));
        AssertRefusal(endpoint, "Too many requests came for this account. Wait, then try again.", body);
        Assert.NotEqual(HttpStatusCode.TooManyRequests, (await SendAsync(gateway, other, method, url)).Status);
        Assert.Null(await gateway.ReadAsync(app));
        refused.AssertAtLeast(1);
    }

    [Fact]
    public async Task Grants_for_one_account_are_given_at_a_rate_and_those_for_others_and_for_none_in_particular_at_theirs()
    {
        await using var gateway = await StartAsync(Two);
        var (app, other) = (gateway.NewApp(), gateway.NewApp());
        var client = new BareClient(gateway);
        using var refused = new RefusalCounter("grants", "too many, by account");

        for (var i = 0; i < 2; i++) Assert.Equal(200, (await client.AskForGrantAsync(app, true, "create")).Status);
        var (status, body, answer) = await client.AskForGrantAsync(app, true, "create");

        Assert.Equal((429, "1"), (status, answer.Headers.GetValues("Retry-After").Single()));
        Assert.Equal(("*", "no-store"),
            (answer.Headers.GetValues("Access-Control-Allow-Origin").Single(), answer.Headers.CacheControl!.ToString()));
        AssertRefusal("grants", "Too many requests came for this account. Wait, then try again.", body);
        Assert.Equal((200, 200),
            ((await client.AskForGrantAsync(other, true, "create")).Status,
            (await client.AskForGrantAsync(null, true, "read-all")).Status));
        refused.AssertAtLeast(1);
    }

    [Fact]
    public async Task A_wallets_server_is_counted_by_its_grants_and_not_with_everybody_behind_its_address()
    {
        await using var gateway = await StartAsync([.. Three, "Payments:PerGrantClient=1", "Payments:PerGrantClientBurst=10"]);
        using var connector = gateway.Connector();
        await using var wallet = await FakeWallet.StartAsync(GatewayUnderTest.Handler(gateway.Port), connector);
        var app = gateway.NewApp();
        var server = new BareClient(gateway, wallet: wallet.Address);
        wallet.Keys.Add(server.PublicJwk);
        var bare = new BareClient(gateway);
        var (known, unknown) = (await server.GrantAsync(app, "list"), await bare.GrantAsync(app, "list"));
        using var refused = new RefusalCounter("incoming payments", "too many, by grant");

        for (var i = 0; i < 3; i++) Assert.Equal(200, await ListAsync(bare, unknown));
        Assert.Equal(429, await ListAsync(bare, unknown));
        for (var i = 0; i < 10; i++) Assert.Equal(200, await ListAsync(server, known));
        Assert.Equal(429, await ListAsync(server, known));
        refused.AssertAtLeast(1);

        async Task<int> ListAsync(BareClient client, string token) =>
            (await client.SendAsync(HttpMethod.Get, client.PaymentsOf(app), token: token)).Status;
    }

    [Fact]
    public async Task Each_endpoint_has_a_rate_of_its_own_and_pages_of_other_origins_may_read_the_refusal()
    {
        await using var gateway = await StartAsync(Three);
        var app = gateway.NewApp();
        for (var i = 0; i < 3; i++) await gateway.SetUpAsync(app);

        using var fourth = await gateway.GetAsync(gateway.UrlOf(app) + ".well-known/pay");
        Assert.Equal(HttpStatusCode.TooManyRequests, fourth.StatusCode);
        Assert.Equal("*", fourth.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.Equal(400, (await gateway.PostAsync($"/balances/{app}:creditReceipt", "AAAA")).Status);
        using var balance = await gateway.GetAsync($"{gateway.Host}/balances/{app}", "*/*");
        Assert.Equal(HttpStatusCode.NotFound, balance.StatusCode);
    }

    // Time stands still at these endpoints: a slow machine would admit requests that a fast one refuses.
    private static Task<PayableGateway> StartAsync(string[] settings) => PayableGateway.StartAsync(settings: settings, services: services =>
    {
        var (still, live) = (new Still(), new LiveGateways());
        services.AddSingleton(provider =>
            new AnonymousRateLimiter(provider.GetRequiredService<IOptions<PaymentsOptions>>(), live, still));
        services.AddSingleton(provider => new FollowRateLimiter(provider.GetRequiredService<IOptions<PageOptions>>(), live, still));
    });

    private static async Task<(HttpStatusCode Status, string? Wait, JsonNode? Body)> SendAsync(PayableGateway gateway, string app,
        string method, string url)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), url
            .Replace("{app}", gateway.UrlOf(app), StringComparison.Ordinal)
            .Replace("{host}", gateway.Host + "/", StringComparison.Ordinal)
            .Replace("{account}", app, StringComparison.Ordinal));
        if (method == "POST") request.Content = new StringContent("x");
        // An open stream never ends; its response headers are enough.
        using var answer =
            await gateway.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        var body = answer.Content.Headers.ContentType?.MediaType is "application/problem+json" or "application/json"
            ? JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))
            : null;
        return (answer.StatusCode, answer.Headers.TryGetValues("Retry-After", out var wait) ? wait.Single() : null, body);
    }

    // Clients of Open Payments read GNAP's errors, all others problems.
    private static void AssertRefusal(string endpoint, string text, JsonNode? body)
    {
        if (endpoint is "grants" or "incoming payments")
            Assert.Equal(("too_fast", text), ((string)body!["error"]!["code"]!, (string)body["error"]!["description"]!));
        else
            Assert.Equal(("urn:codius:problem:too-many-requests", text), ((string)body!["type"]!, (string)body["detail"]!));
    }

    private sealed class Still : TimeProvider
    {
        public override long GetTimestamp() => 1;
    }
}
