using Codius.Web.Hosting;
using Microsoft.Extensions.Options;

namespace Codius.Web.Tests.Hosting;

public sealed class HostNamesTests
{
    private readonly HostNames _names = Names("https://codius.example");

    [Theory]
    [InlineData("hello.codius.example", "hello")]
    [InlineData("hello.codius.example:443", "hello")]
    [InlineData("hello.codius.example.", "hello")]
    [InlineData("HELLO.Codius.Example", "hello")]
    [InlineData("a-1.codius.example", "a-1")]
    public void A_label_below_the_domain_is_an_app_whatever_port_dot_or_case(string host, string label) =>
        Assert.Equal(new HostMatch(HostMatchKind.App, label), _names.Read(host));

    [Theory]
    [InlineData("codius.example")]
    [InlineData("codius.example:8080")]
    [InlineData("CODIUS.example.")]
    public void The_domain_itself_is_the_host(string host) => Assert.Equal(HostMatchKind.Host, _names.Read(host).Kind);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(":8080")]
    [InlineData("[::1]:8080")]
    [InlineData("127.0.0.1")]
    [InlineData("codius.example.org")]
    [InlineData("evilcodius.example")]
    [InlineData("a.b.codius.example")]
    [InlineData(".codius.example")]
    [InlineData("-a.codius.example")]
    [InlineData("a-.codius.example")]
    [InlineData("a_b.codius.example")]
    [InlineData("häuser.codius.example")]
    [InlineData("hello.codius.example..")]
    public void Any_other_host_is_none_of_them(string? host) => Assert.Equal(HostMatchKind.None, _names.Read(host).Kind);

    [Fact]
    public void A_label_of_64_characters_is_nobody_and_one_of_63_an_app()
    {
        Assert.Equal(HostMatchKind.App, _names.Read(new string('a', 63) + ".codius.example").Kind);
        Assert.Equal(HostMatchKind.None, _names.Read(new string('a', 64) + ".codius.example").Kind);
    }

    [Theory]
    [InlineData("wallet")]
    [InlineData("www")]
    [InlineData("shop")]
    public void Reserved_labels_are_never_apps(string label)
    {
        var names = Names("https://codius.example", "shop");

        Assert.Equal(HostMatchKind.Reserved, names.Read($"{label}.codius.example").Kind);
        Assert.True(names.IsReserved(label));
    }

    [Fact]
    public void Every_written_address_comes_from_the_public_url()
    {
        var names = Names("http://localhost:8080");

        Assert.Equal("http://localhost:8080", names.Origin);
        Assert.Equal("http://hello.localhost:8080/.well-known/pay", names.WalletAddressOf("hello"));
        Assert.Equal("$hello.localhost:8080", names.PaymentPointerOf("hello"));
        Assert.Equal("http://localhost:8080/pay/t-abc", names.HostWalletAddressOf("t-abc"));
        Assert.Equal("$hello.codius.example", _names.PaymentPointerOf("hello"));
    }

    [Fact]
    public void Apps_with_a_domain_of_their_own_are_below_it_alone_and_so_is_every_address_of_theirs()
    {
        var names = new HostNames(Options.Create(
            new HostOptions { PublicUrl = new Uri("https://codius.example:8443"), AppsDomain = "apps.test" }));

        Assert.Equal(new HostMatch(HostMatchKind.App, "hello"), names.Read("hello.apps.test:8443"));
        Assert.Equal(HostMatchKind.Host, names.Read("codius.example").Kind);
        Assert.Equal(HostMatchKind.Reserved, names.Read("www.apps.test").Kind);
        Assert.All(["hello.codius.example", "apps.test", "a.b.apps.test", "codius.example.apps.test", "evilapps.test"],
            other => Assert.Equal(HostMatchKind.None, names.Read(other).Kind));

        Assert.Equal(("https://codius.example:8443", "https://hello.apps.test:8443", "hello.apps.test", "$hello.apps.test:8443"),
            (names.Origin, names.OriginOf("hello"), names.HostNameOf("hello"), names.PaymentPointerOf("hello")));
        Assert.Equal(("https://hello.apps.test:8443/.well-known/pay", "https://codius.example:8443/pay/t-abc"),
            (names.WalletAddressOf("hello"), names.HostWalletAddressOf("t-abc")));
        Assert.Equal("$codius.example:8443/pay/t-abc", names.HostPaymentPointerOf("t-abc"));
        Assert.All(["codius.example", "x.codius.example", "apps.test", "a.b.apps.test"], own => Assert.True(names.IsOwn(own)));
        Assert.False(names.IsOwn("wallet.example"));
    }

    private static HostNames Names(string url, params string[] reserved)
    {
        var options = new HostOptions { PublicUrl = new Uri(url) };
        foreach (var label in reserved) options.ReservedNames.Add(label);
        return new HostNames(Options.Create(options));
    }
}
