using Codius.Testing;
using Codius.Web.Apps.Steering;
using Codius.Web.Balances;

namespace Codius.Web.Tests.Apps.Steering;

/// <summary>The ledger learns what apps cost that have a price of their own.</summary>
public sealed class OwnPricesTests
{
    [Fact]
    public void An_account_has_prices_of_its_own_if_its_app_has_one()
    {
        var (apps, steering, prices) = (new FakeApps(), new FakeSteering(), new Prices(10, 10, 60, 201) { OpensAtUsual = true });
        var own = new OwnPrices(prices, () => new SteeredCatalog(apps, steering, Supervised.By()));
        foreach (var name in (string[])["cheap", "usual"]) apps.Host(name);
        steering.Set("cheap", new AppSteering(1, null, null, 1));

        Assert.Equal(21UL, own.Of(AccountId.OfApp("cheap"))!.OpenAt);
        Assert.Null(own.Of(AccountId.OfApp("usual")));
        Assert.Null(own.Of(AccountId.OfApp("nobody")));
        Assert.Null(new OwnPrices(prices, () => null).Of(AccountId.OfApp("cheap")));
    }
}
