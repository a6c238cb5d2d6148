using System.Security.Cryptography;
using OpenPayments.Net.IncomingPayments;

namespace OpenPayments.Net.Tests.IncomingPayments;

public sealed class IncomingPaymentUrlsTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeMilliseconds(1_800_000_000_123);

    public static TheoryData<ulong?, string?> Payments => new()
    {
        { null, null }, { 1, null },
        { long.MaxValue, """{"source":"Web Monetization"}""" }, { null, """{"note":"Grüße"}""" }, { 127, "{}" },
    };

    [Theory]
    [MemberData(nameof(Payments))]
    public void A_payment_is_in_its_URL_and_in_its_terms(ulong? amount, string? metadata)
    {
        var (urls, payment) = (new IncomingPaymentUrls(Options()), New(amount, metadata));

        Assert.Equal(payment, Open(urls, urls.UrlOf(payment)));
        Assert.Equal(payment, IncomingPayment.OfTerms("alice", payment.Id, payment.ToTerms()));
        Assert.Null(IncomingPayment.OfTerms("alice", null, payment.ToTerms()));
        Assert.Null(IncomingPayment.OfTerms("alice", payment.Id, []));
    }

    [Fact]
    public void After_a_change_of_the_key_the_URLs_of_before_still_open_and_those_of_another_host_do_not()
    {
        var (before, payment) = (Options(), New(5, null));
        var url = new IncomingPaymentUrls(before).UrlOf(payment);
        var (after, other) = (Options(), Options());
        after.TokenKeys.Add(before.TokenKeys[0]);

        Assert.Equal(payment, Open(new IncomingPaymentUrls(after), url));
        Assert.Null(Open(new IncomingPaymentUrls(other), url));
    }

    [Fact]
    public void The_same_payment_has_the_same_URL_every_time()
    {
        var (urls, payment) = (new IncomingPaymentUrls(Options()), New(5, null));

        Assert.Equal(urls.UrlOf(payment), urls.UrlOf(payment with { ReceivedAmount = 3, Completed = true }));
    }

    private static OpenPaymentsOptions Options()
    {
        var options = new OpenPaymentsOptions { Origin = "https://shop.test" };
        options.TokenKeys.Add(RandomNumberGenerator.GetBytes(32));
        return options;
    }

    private static IncomingPayment New(ulong? amount, string? metadata) =>
        IncomingPayment.New("alice", IncomingPayment.ClientIdOf("client"), amount, Now, Now.AddDays(30), metadata);

    private static IncomingPayment? Open(IncomingPaymentUrls urls, string url)
    {
        var parts = new Uri(url).AbsolutePath.Split('/');
        return urls.TryOpen(parts[2], parts[3], Guid.Parse(parts[5]), out var payment) ? payment : null;
    }
}
