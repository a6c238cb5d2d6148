using Codius.Web.Balances;
using Codius.Web.Deploying;
using Codius.Web.Deploying.Paying;
using Codius.Web.Hosting;
using Codius.Web.Pages.Paying;
using Microsoft.Extensions.Options;

namespace Codius.Web.Tests.Deploying;

public sealed class DeployProblemsTests
{
    private static readonly AccountId Account = AccountId.OfDeployToken("alice");

    [Fact]
    public void Each_fault_of_a_manifest_ends_with_one_stop_whether_or_not_its_text_has_one() =>
        Assert.Equal("spec.image: is missing; spec.env: leave env out. Nothing was charged; correct the manifest and send it again.",
            DeployProblems.BadManifest([new("spec.image", "is missing."), new("spec.env", "leave env out.")]).Detail);

    [Theory]
    [InlineData(0, 10_000_000, "1")]
    [InlineData(0, 10_000_001, "2")]
    [InlineData(9_999_999, 20_000_000, "2")]
    [InlineData(20_000_000, 10_000_000, "0")]
    public void What_is_missing_is_said_in_whole_units_that_can_be_paid(ulong funds, ulong price, string cents) =>
        Assert.Equal(cents, Problems(new OfferedWays()).NotEnough(Account, funds, price).Extensions!["pay"]);

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public void A_wallet_address_is_named_only_where_it_can_be_paid(bool hasWalletAddress, bool canBePaid)
    {
        var problem = Problems(new OfferedWays { HasWalletAddress = hasWalletAddress, CanBePaid = canBePaid }).NotEnough(Account, 0, 1);

        Assert.Equal(hasWalletAddress && canBePaid, problem.Extensions!.ContainsKey("walletAddress"));
        Assert.Equal($"$codius.example/pay/{Account}", problem.Extensions["paymentPointer"]);
    }

    private static DeployProblems Problems(OfferedWays offered)
    {
        var asset = new Asset("USD", 9);
        var wire = new WireAsset(asset);
        wire.Set(2);
        var names = new HostNames(Options.Create(new HostOptions { PublicUrl = new Uri("https://codius.example") }));
        return new DeployProblems(names, new DeployPrice(new Prices(10, 10, 600, 300)), asset, wire, offered);
    }
}
