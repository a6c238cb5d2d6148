using Codius.Testing.Wallets;
using Codius.Web.Payments.OwnWallet;
using Codius.Web.Tests.Payments.OwnWallet;

namespace Codius.Web.Tests.Payments.OpenPayments;

/// <summary>How many incoming payments may be open at a time: one client's, and an account's.</summary>
public sealed class OpenPaymentsLimitsTests
{
    private const string Proxy = "Proxies:Known:0=127.0.0.0/8";

    [Fact]
    public async Task One_client_may_have_so_many_open_on_one_app_whatever_key_it_shows_and_the_others_have_theirs()
    {
        await using var gateway = await PayableGateway.StartAsync(settings: [Proxy, "Payments:MaxOpenIncomingPaymentsPerClient=2"]);
        var (app, other) = (gateway.NewApp(), gateway.NewApp());
        var client = new BareClient(gateway, "203.0.113.1");
        var token = await client.GrantAsync(null, "create", "list");
        using var refused = new RefusalCounter("incoming payments", "too many open, by client");
        for (var i = 0; i < 2; i++) Assert.Equal(201, (await client.TryCreateAsync(app, token)).Status);

        var third = await client.TryCreateAsync(app, token);
        var renamed = new BareClient(gateway, "203.0.113.1");
        var fourth = await renamed.TryCreateAsync(app, await renamed.GrantAsync(app, "create"));

        Assert.Equal((429, "60"), (third.Status, third.Answer.Headers.RetryAfter!.ToString()));
        Assert.Equal(
            """{"error":{"code":"too_many_open","description":"Too many incoming payments made from your address are open here; complete some, or try again when some have expired."}}""",
            third.Json!.ToJsonString());
        Assert.Equal(429, fourth.Status);
        refused.AssertAtLeast(2);
        Assert.Equal(2, (await client.SendAsync(HttpMethod.Get, client.PaymentsOf(app), token: token)).Json!["result"]!.AsArray().Count);

        var neighbour = new BareClient(gateway, "203.0.113.2");
        Assert.Equal(201, (await neighbour.TryCreateAsync(app, await neighbour.GrantAsync(app, "create"))).Status);
        Assert.Equal(201, (await client.TryCreateAsync(other, token)).Status);
    }

    [Fact]
    public async Task An_IPv6_network_is_one_client()
    {
        await using var gateway = await PayableGateway.StartAsync(settings: [Proxy, "Payments:MaxOpenIncomingPaymentsPerClient=1"]);
        var app = gateway.NewApp();
        async Task<int> CreateAsync(string from)
        {
            var client = new BareClient(gateway, from);
            return (await client.TryCreateAsync(app, await client.GrantAsync(app, "create"))).Status;
        }

        Assert.Equal(201, await CreateAsync("2001:db8:1:2::1"));
        Assert.Equal(429, await CreateAsync("2001:db8:1:2:ffff::9"));
        Assert.Equal(201, await CreateAsync("2001:db8:1:3::1"));
    }

    [Fact]
    public async Task An_account_may_have_so_many_open_from_everybody_together()
    {
        await using var gateway = await PayableGateway.StartAsync(settings: [Proxy, "Payments:MaxOpenIncomingPayments=2"]);
        var app = gateway.NewApp();
        using var refused = new RefusalCounter("incoming payments", "too many open, by account");
        var answers = new List<(int, string?)>();
        for (var i = 1; i <= 3; i++)
        {
            var client = new BareClient(gateway, $"203.0.113.{i}");
            var (status, json, _) = await client.TryCreateAsync(app, await client.GrantAsync(app, "create"));
            answers.Add((status, (string?)json!["error"]?["description"]));
        }

        Assert.Equal(
            [(201, null), (201, null),
            (429, "This wallet address has too many open incoming payments; try again when some have expired.")], answers);
        refused.AssertAtLeast(1);
    }

    [Fact]
    public async Task Visitors_who_begin_to_pay_from_their_wallets_are_counted_by_their_own_addresses()
    {
        await using var gateway = await PayableGateway.StartAsync(settings: [Proxy, "Payments:MaxOpenIncomingPaymentsPerClient=1"]);
        using var connector = gateway.Connector();
        await using var wallet = await FakeWallet.StartAsync(Codius.Testing.GatewayUnderTest.Handler(gateway.Port), connector);
        var app = gateway.NewApp();
        using var visitor = new Visitor(gateway, way => new From(way, "203.0.113.1"));
        using var neighbour = new Visitor(gateway, way => new From(way, "203.0.113.2"));

        Assert.Equal(200, (await visitor.SendAsync(app, wallet.Address)).Status);
        var (status, page) = await visitor.SendAsync(app, wallet.Address);
        Assert.Equal(422, status);
        Assert.Contains(WalletMessages.TooManyOpen, page, StringComparison.Ordinal);
        Assert.Equal(200, (await neighbour.SendAsync(app, wallet.Address)).Status);
    }

    private sealed class From(HttpMessageHandler way, string address) : DelegatingHandler(way)
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Headers.Add("X-Forwarded-For", address);
            return base.SendAsync(request, cancellationToken);
        }
    }
}
