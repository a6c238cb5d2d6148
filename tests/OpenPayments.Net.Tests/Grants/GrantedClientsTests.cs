using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using OpenPayments.Net.Grants;
using OpenPayments.Net.IncomingPayments;

namespace OpenPayments.Net.Tests.Grants;

/// <summary>Whose payment a public look is for.</summary>
public sealed class GrantedClientsTests : IDisposable
{
    private static readonly string Creator = IncomingPayment.ClientIdOf("https://wallet.example/alice");

    private readonly FakeTimeProvider _time = new();
    private readonly ServiceProvider _services;
    private readonly IncomingPayment _payment;

    public GrantedClientsTests()
    {
        _services = new ServiceCollection().AddSingleton<TimeProvider>(_time).AddOpenPayments(options =>
        {
            options.Origin = "https://shop.test";
            options.TokenKeys.Add(new byte[32]);
        }).BuildServiceProvider();
        _payment = IncomingPayment.New("alice", Creator, null, _time.GetUtcNow(), _time.GetUtcNow().AddHours(1));
    }

    public void Dispose() => _services.Dispose();

    [Fact]
    public void A_public_look_at_what_a_wallet_address_made_is_its_creators() => Assert.Equal(Creator, CreatorOf(Look()));

    [Fact]
    public void What_a_bare_key_made_has_no_creator_since_keys_cost_nothing() => Assert.Null(CreatorOf(Look(ofWalletAddress: false)));

    [Fact]
    public void Nor_has_a_payment_that_has_ended()
    {
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Null(CreatorOf(Look()));
    }

    [Fact]
    public void Nor_has_a_request_that_is_no_public_look_or_a_URL_that_this_host_did_not_make()
    {
        Action<HttpRequest>[] changes =
        [
            request => request.Method = "POST",
            request => request.Headers.Authorization = "GNAP token",
            request => request.RouteValues["account"] = "bob",
            request => request.RouteValues["id"] = Guid.NewGuid().ToString("D"),
            request => request.RouteValues["id"] = "x",
            request => request.RouteValues["sealed"] = "AAAA",
            request => request.RouteValues["sealed"] += "=",
            request => request.RouteValues.Remove("sealed"),
        ];
        foreach (var change in changes)
        {
            var request = Look();
            change(request);
            Assert.Null(CreatorOf(request));
        }
    }

    private string? CreatorOf(HttpRequest request) => _services.GetRequiredService<GrantedClients>().CreatorOf(request);

    private HttpRequest Look(bool ofWalletAddress = true)
    {
        var url = _services.GetRequiredService<IncomingPaymentUrls>().UrlOf(_payment, ofWalletAddress);
        var parts = new Uri(url).AbsolutePath.Split('/');
        var request = new DefaultHttpContext().Request;
        request.Method = "GET";
        (request.RouteValues["account"], request.RouteValues["sealed"], request.RouteValues["id"]) = (parts[2], parts[3], parts[5]);
        return request;
    }
}
