using Interledger.Net.Spsp;

namespace Interledger.Net.Tests.Spsp;

/// <summary>Pointers of a sandbox, which only who asks for it reads.</summary>
public sealed class PaymentPointerOptionsTests
{
    [Theory]
    [InlineData("$hello.localhost:8080", "http://hello.localhost:8080/.well-known/pay")]
    [InlineData("$wallet.localhost:8080/me", "http://wallet.localhost:8080/me")]
    [InlineData("$127.0.0.1:8080/me", "http://127.0.0.1:8080/me")]
    [InlineData("$[::1]:8080/me", "http://[::1]:8080/me")]
    [InlineData("$LOCALHOST/me", "http://localhost/me")]
    [InlineData("$localhost:80/me", "http://localhost/me")]
    [InlineData("$wallet.example/me:8080", "https://wallet.example/me:8080")]
    [InlineData("$wallet.example:8443/me", "https://wallet.example:8443/me")]
    [InlineData("$wallet.example:443", "https://wallet.example/.well-known/pay")]
    [InlineData("$wallet.example:80/me", "https://wallet.example:80/me")]
    [InlineData("$notlocalhost/me", "https://notlocalhost/me")]
    [InlineData("$localhost.example/me", "https://localhost.example/me")]
    public void Development_has_ports_and_this_machine_has_no_TLS(string text, string url)
    {
        Assert.True(PaymentPointer.TryParse(text, PaymentPointerOptions.Development, out var pointer, out _));
        Assert.Equal((url, url), (pointer.Url, pointer.ToUri().AbsoluteUri));
        Assert.True(PaymentPointer.TryParse(pointer.ToString(), PaymentPointerOptions.Development, out var again, out _));
        Assert.Equal((pointer, pointer.GetHashCode()), (again, again.GetHashCode()));
    }

    [Theory]
    [InlineData("$localhost:")]
    [InlineData("$localhost:0")]
    [InlineData("$localhost:080")]
    [InlineData("$localhost:65536")]
    [InlineData("$localhost:+80")]
    [InlineData("$localhost: 80")]
    [InlineData("$localhost:8080:8080")]
    [InlineData("$localhost:8080@wallet.example")]
    [InlineData("$:8080")]
    [InlineData("$[::1]8080")]
    [InlineData("$::1:8080")]
    public void What_is_no_port_is_refused_in_development_too(string text)
    {
        Assert.False(PaymentPointer.TryParse(text, PaymentPointerOptions.Development, out _, out var error));
        Assert.Equal(WireError.InvalidPaymentPointer, error);
    }

    [Theory]
    [InlineData("$hello.localhost:8080")]
    [InlineData("$wallet.example:443")]
    public void A_port_is_never_read_by_default(string text)
    {
        Assert.False(PaymentPointer.TryParse(text, out _, out _));
        Assert.False(PaymentPointer.TryParse(text, new PaymentPointerOptions { HttpOnThisMachine = true }, out _, out _));
    }

    [Fact]
    public void This_machine_is_queried_with_TLS_by_default()
    {
        Assert.True(PaymentPointer.TryParse("$localhost/me", out var usual, out _));
        Assert.True(PaymentPointer.TryParse("$localhost/me", PaymentPointerOptions.Development, out var plain, out _));
        Assert.Equal("https://localhost/me", usual.Url);
        Assert.NotEqual(usual, plain);
        Assert.False(new PaymentPointerOptions().AllowPort);
        Assert.False(new PaymentPointerOptions().HttpOnThisMachine);
    }
}
