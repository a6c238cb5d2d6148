using System.Net;
using Codius.Web.Payments.OwnWallet;
using Microsoft.Extensions.Time.Testing;

namespace Codius.Web.Tests.Payments.OwnWallet;

public sealed class PaidWalletsTests
{
    private static readonly IPAddress Visitor = IPAddress.Parse("192.0.2.1");
    private readonly PaidWallets _wallets = new(new FakeTimeProvider());

    [Fact]
    public void A_visitor_that_paid_from_a_host_is_known_there_and_nowhere_else()
    {
        _wallets.Add(Visitor, "wallet.example");

        Assert.True(_wallets.HasPaid(Visitor, "wallet.example"));
        Assert.False(_wallets.HasPaid(Visitor, "other.example"));
        Assert.False(_wallets.HasPaid(IPAddress.Parse("192.0.2.2"), "wallet.example"));
    }

    [Fact]
    public void One_party_cannot_have_the_payers_forgotten_by_paying_from_many_hosts_of_its_own()
    {
        _wallets.Add(Visitor, "wallet.example");

        for (var i = 0; i < 20_000; i++) _wallets.Add(IPAddress.Parse($"2001:db8:1:{i:x}::1"), $"{i}.mine.example");

        Assert.True(_wallets.HasPaid(Visitor, "wallet.example"));
        Assert.Equal(20, Enumerable.Range(0, 20_000).Count(
            i => _wallets.HasPaid(IPAddress.Parse($"2001:db8:1:{i:x}::1"), $"{i}.mine.example")));
    }
}
