using Codius.Testing;
using Codius.Testing.Wallets;
using Interledger.Net.IlpOverHttp;

namespace Codius.Web.Tests.Payments.OwnWallet;

/// <summary>The consent's cookie as browsers store it on a real host: over https, wherever TLS ends, and for the gateway alone.</summary>
public sealed class OwnWalletOverHttpsTests
{
    private const ulong Opening = 300_000;
    private const string Attributes = "; path=/; secure; samesite=lax; httponly";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_consent_is_kept_in_a_cookie_that_only_https_carries_and_no_app_sees(bool behindProxy)
    {
        using var authority = new TestAuthority(GatewayUnderTest.Domain);
        await using var edge = behindProxy ? await TlsEdge.StartAsync(authority) : null;
        string[] behind =
            [$"Host:PublicUrl=https://{GatewayUnderTest.Domain}:{edge?.Port}", "Proxies:Known:0=127.0.0.0/8", "Prices:OpenAt=0.0003"];
        await using var gateway = behindProxy
            ? await PayableGateway.StartAsync(settings: behind)
            : await PayableGateway.StartAsync(settings: [behind[^1]], authority: authority);
        if (edge is not null) edge.Gateway = gateway.Port;
        SocketsHttpHandler Way() => GatewayUnderTest.Handler(edge?.Port ?? gateway.Port, authority);

        using var connector = new IlpOverHttpClient(
            new IlpOverHttpClientOptions { Endpoint = new Uri(gateway.Host + "/ilp"), Token = PayableGateway.ConnectorToken }, Way());
        await using var wallet = await FakeWallet.StartAsync(Way(), connector);
        await using var echo = await CountedApp.StartAsync(context => context.Request.Headers.Cookie.ToString());
        using var visitor = new Visitor(gateway, way: Way());
        var app = gateway.NewApp();
        gateway.Serve(app, echo.Address);
        visitor.Remember(app, "mine", "1");

        var (status, consent) = await visitor.SendAsync(app, wallet.Address);
        Assert.Equal(200, status);
        Assert.Matches($"^__Host-codius-consent=[A-Za-z0-9_-]+; max-age=900{Attributes}$", Assert.Single(visitor.Told));
        Assert.Equal(2, visitor.CookiesOf(app).Count);

        await gateway.PayAsync(app, 5 * Opening);
        Assert.Equal((200, "mine=1"), await visitor.OpenAsync(gateway.UrlOf(app)) is var visit ? (visit.Status, visit.Text) : default);

        var url = await Visitor.ChooseAsync(consent, "yes");
        Assert.StartsWith(gateway.UrlOf(app) + ".well-known/codius/pay/return?", url, StringComparison.Ordinal);
        Assert.StartsWith("https://", url, StringComparison.Ordinal);
        Assert.Equal(303, (await visitor.OpenAsync(url)).Status);
        Assert.Equal($"__Host-codius-consent=; expires=Thu, 01 Jan 1970 00:00:00 GMT{Attributes}", visitor.Told[0]);
        Assert.Matches($"^__Host-codius-sent=300000.[0-9]+; max-age=120{Attributes}$", Assert.Single(visitor.Told[1..]));
        Assert.Equal(Opening, Assert.Single(await wallet.PaymentsAsync()).Delivered);
        Assert.Equal(6 * Opening, (await gateway.BalanceAsync(app)).Credited);
    }

    [Fact]
    public async Task A_cookie_without_the_guarded_name_finishes_nothing()
    {
        using var authority = new TestAuthority(GatewayUnderTest.Domain);
        await using var gateway = await PayableGateway.StartAsync(authority: authority);
        using var connector = gateway.Connector();
        await using var wallet = await FakeWallet.StartAsync(GatewayUnderTest.Handler(gateway.Port, authority), connector);
        var app = gateway.NewApp();
        using var visitor = new Visitor(gateway, way: GatewayUnderTest.Handler(gateway.Port, authority));
        var (_, consent) = await visitor.SendAsync(app, wallet.Address);
        using var other = new Visitor(gateway, way: GatewayUnderTest.Handler(gateway.Port, authority));
        other.Remember(app, "codius-consent", Assert.Single(visitor.CookiesOf(app)).Value);

        Assert.Equal(422, (await other.OpenAsync(await Visitor.ChooseAsync(consent, "yes"))).Status);
        Assert.Equal(0UL, wallet.Debited);
    }
}
