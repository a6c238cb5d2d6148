using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenPayments.Net.IncomingPayments;
using OpenPayments.Net.WalletAddresses;

namespace OpenPayments.Net.Tests.WalletAddresses;

public sealed class WalletAddressDocumentsTests : IAsyncLifetime
{
    private const string NotFound = """{"error":{"code":"not_found","description":"There is no such wallet address on this host."}}""";
    private readonly HttpClient _http = new();
    private WebApplication? _app;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddOpenPayments(options =>
        {
            options.Origin = "https://shop.test";
            options.TokenKeys.Add(new byte[32]);
            options.SpspHandler = context => context.Response.WriteAsync("spsp");
        });
        builder.Services.AddSingleton<IIncomingPayments>(new InMemoryIncomingPayments(TimeProvider.System)).AddSingleton<IPaymentMethods,
            NoMethods>();
        builder.Services.AddSingleton<IWalletAddresses>(
            new WalletAddressList(new WalletAddress("https://shop.test/pay/alice", "alice", "Alice", "USD", 9)));
        _app = builder.Build();
        _app.MapOpenPayments();
        await _app.StartAsync(Stop);
        _http.BaseAddress = new Uri(_app.Urls.Single());
    }

    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        return _app?.DisposeAsync() ?? ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData("/pay/alice", "application/json", 200, "public, max-age=300",
        """{"id":"https://shop.test/pay/alice","publicName":"Alice","assetCode":"USD","assetScale":9"""
        + ""","authServer":"https://shop.test/auth","resourceServer":"https://shop.test/op/alice"}""")]
    [InlineData("/pay/nobody", "application/json", 404, "no-store", NotFound)]
    [InlineData("/pay/alice", "application/spsp4+json, application/spsp+json", 200, null, "spsp")]
    public async Task A_wallet_address_and_SPSP_share_a_URL(string path, string accept, int status, string? cache, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.ParseAdd(accept);
        using var response = await _http.SendAsync(request, Stop);

        Assert.Equal((status, body, cache),
            ((int)response.StatusCode, await response.Content.ReadAsStringAsync(Stop), response.Headers.CacheControl?.ToString()));
        Assert.Equal(["Accept"], response.Headers.Vary);
    }

    [Theory]
    [InlineData("/pay/alice/jwks.json", 200, """{"keys":[]}""")]
    [InlineData("/pay/nobody/jwks.json", 404, NotFound)]
    public async Task The_keys_stand_beside_it(string path, int status, string body)
    {
        using var response = await _http.GetAsync(path, Stop);

        Assert.Equal((status, body), ((int)response.StatusCode, await response.Content.ReadAsStringAsync(Stop)));
        Assert.Equal("*", response.Headers.GetValues("Access-Control-Allow-Origin").Single());
    }

    private sealed class NoMethods : IPaymentMethods
    {
        public ValueTask<PaymentMethod?> MethodForAsync(IncomingPayment payment, CancellationToken cancellation) =>
            throw new NotSupportedException();
    }
}
