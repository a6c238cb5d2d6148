using Codius.Web.Balances;
using Codius.Web.Balances.Leases;
using Codius.Web.Hosting;
using Microsoft.Extensions.Options;

namespace Codius.Web.Tests.Balances;

/// <summary>Prices as they are written, validated and described.</summary>
public sealed class PriceOptionsValidatorTests
{
    private static readonly Asset Dollars = new("USD", 9);

    [Fact]
    public void The_defaults_are_whole_units_and_a_page_opens_at_a_minute_awake_and_twenty_requests()
    {
        Assert.True(new PriceOptionsValidator(Dollars).Validate(null, new PriceOptions()).Succeeded);
        Assert.Equal(
            new Prices(10_000, 10_000_000, 6_000_000, 300_000) { OpensAtUsual = true },
            Prices.From(Options.Create(new PriceOptions()), Dollars));
    }

    [Fact]
    public void The_start_tells_both_forms() => Assert.Equal(
        "Prices: a request 0.00001 USD (10000 units), a deploy 0.01 USD (10000000 units), an hour awake 0.006 USD (6000000 units); "
        + "a page opens at 0.0003 USD (300000 units)",
        Prices.From(Options.Create(new PriceOptions()), Dollars).Describe(Dollars));

    [Fact]
    public void All_faults_come_at_once_with_their_keys_and_what_to_do()
    {
        var faults = new PriceOptionsValidator(new Asset("USD", 2))
            .Validate(null, new PriceOptions { PerDeploy = "-1", PerRunningHour = "0", OpenAt = "a lot" }).Failures!.ToArray();
        Assert.Equal(
        [
            "Prices:PerRequest: '0.00001' is not a whole number of units of USD at scale 2 (the smallest amount is 0.01, the largest "
                + "92233720368547758.07).",
            "Prices:PerDeploy: '-1' is not a whole number of units of USD at scale 2 (the smallest amount is 0.01, the largest "
                + "92233720368547758.07).",
            "Prices:PerRunningHour: must be above 0; an app that is awake uses the host's memory whether or not anyone visits it.",
            "Prices:OpenAt: 'a lot' is not a whole number of units of USD at scale 2 (the smallest amount is 0.01, the largest "
                + "92233720368547758.07).",
        ], faults);
    }

    [Theory]
    [InlineData("0.00001", "0.000001", "Prices:OpenAt")]
    [InlineData("9000000000", null, "Prices:PerRequest")]
    public void A_page_must_open_at_no_less_than_a_request_and_at_no_more_than_an_account_holds(
        string perRequest, string? openAt, string key) =>
        Assert.StartsWith(key, Assert.Single(new PriceOptionsValidator(Dollars)
            .Validate(null, new PriceOptions { PerRequest = perRequest, OpenAt = openAt }).Failures!));

    [Fact]
    public void The_price_of_the_largest_manifest_is_no_more_than_an_account_holds()
    {
        var validator = new PriceOptionsValidator(Dollars);

        Assert.True(validator.Validate(null, new PriceOptions { PerDeploy = "92233720" }).Succeeded);
        Assert.StartsWith("Prices:PerDeploy: is so high", Assert.Single(
            validator.Validate(null, new PriceOptions { PerDeploy = "92233721" }).Failures!), StringComparison.Ordinal);
    }

    [Fact]
    public void A_lease_lives_through_two_missed_settles()
    {
        var validator = new PriceOptionsValidator(Dollars);
        Assert.True(validator.Validate(null, new LeaseOptions()).Succeeded);
        var wrong = new LeaseOptions { SettleEvery = TimeSpan.FromSeconds(4), MaxOut = "0" };
        Assert.Equal(2, validator.Validate(null, wrong).Failures!.Count());
    }
}
