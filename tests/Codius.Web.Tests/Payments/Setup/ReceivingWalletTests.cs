using Codius.Web.Hosting;
using Codius.Web.Payments.Setup;
using Microsoft.Extensions.Options;

namespace Codius.Web.Tests.Payments.Setup;

/// <summary>The receiving wallet's endpoint.</summary>
public sealed class ReceivingWalletTests
{
    [Theory]
    [InlineData("$wallet.localhost", "http://wallet.localhost:8080/.well-known/pay")]
    [InlineData("$wallet.localhost:8080", "http://wallet.localhost:8080/.well-known/pay")]
    [InlineData("$wallet.localhost:8080/", "http://wallet.localhost:8080/.well-known/pay")]
    [InlineData("$wallet.localhost:8080/host", "http://wallet.localhost:8080/host")]
    [InlineData("http://127.0.0.1:3000/host", "http://127.0.0.1:3000/host")]
    [InlineData("$wallet.example/host", "https://wallet.example/host")]
    [InlineData("$wallet.example", "https://wallet.example/.well-known/pay")]
    public void A_developer_may_name_the_sandbox_and_programs_of_this_machine(string wallet, string url) =>
        Assert.Equal(url, Read(wallet, development: true));

    [Theory]
    [InlineData("$hello.localhost:8080")]
    [InlineData("$hello.localhost")]
    [InlineData("$localhost")]
    [InlineData("$wallet.localhost:9999")]
    [InlineData("http://wallet.example/host")]
    public void But_nothing_else_of_this_host(string wallet) => Assert.Null(Read(wallet, development: true));

    [Theory]
    [InlineData("$wallet.localhost")]
    [InlineData("$wallet.localhost:8080")]
    [InlineData("http://127.0.0.1:3000/host")]
    public void Production_knows_no_sandbox(string wallet) => Assert.Null(Read(wallet, development: false));

    private static string? Read(string wallet, bool development)
    {
        var names = new HostNames(Options.Create(new HostOptions { PublicUrl = new Uri("http://localhost:8080") }));
        return ReceivingWallet.TryRead(wallet, names, development, out var endpoint, out _) ? endpoint.AbsoluteUri : null;
    }
}
