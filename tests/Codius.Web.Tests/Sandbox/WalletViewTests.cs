using Codius.Sandbox.Ui;

namespace Codius.Web.Tests.Sandbox;

public sealed class WalletViewTests
{
    [Theory]
    [InlineData("$hello.localhost:8080", "hello.localhost:8080")]
    [InlineData("http://hello.localhost:8080/.well-known/pay", "hello.localhost:8080/.well-known/pay")]
    [InlineData("$localhost:8080/pay/t-abc", "localhost:8080/pay/t-abc")]
    [InlineData("$tkc3hfioxskpnvtdl7yblihwqpfddhf2r33wwfex4xlktvmbg3ua.localhost:8080", "tkc3hfio….localhost:8080")]
    public void A_button_names_a_payee_by_its_address_and_shortens_a_hash(string to, string called)
    {
        var payment = new PaymentView
        {
            Id = "1",
            To = to,
            Sent = "1 USD",
            At = "12:00:00 UTC",
            Running = false,
            Failed = false,
            Trouble = "",
        };

        Assert.Equal(called, payment.Called);
    }
}
