using Codius.Web.Balances;
using Codius.Web.Hosting;
using Codius.Web.Pages.Paying;
using CsCheck;

namespace Codius.Web.Tests.Pages.Paying;

/// <summary>The amounts to choose from, by how long they last, at the default prices.</summary>
public sealed class WalletAmountsTests
{
    private const ulong Hour = 8_000_000;

    private static readonly Prices Usual = new(PerRequest: 10_000, PerDeploy: 10_000_000, PerRunningHour: 6_000_000, OpenAt: 300_000);
    private static readonly Asset Asset = new("USD", 9);

    [Fact]
    public void What_is_missing_opens_it_now_and_more_lasts_about_an_hour_or_a_day() =>
        Assert.Equal(["0.0002 USD, opens it now", "0.0082 USD, about an hour", "0.2 USD, about a day"], Offered(Usual, 100_000));

    [Fact]
    public void An_app_that_is_open_need_not_be_opened() =>
        Assert.Equal(["0.008 USD, about an hour", "0.2 USD, about a day"], Offered(Usual, 300_000));

    [Fact]
    public void In_cents_each_choice_is_an_amount_of_its_own_that_can_be_paid()
    {
        Assert.Equal(["0.01 USD, about an hour", "0.2 USD, about a day"], Offered(Usual, 100_000, scale: 2));
        Assert.Equal(["0.01 USD, about an hour", "0.2 USD, about a day"], Offered(Usual, 300_000, scale: 2));
        Assert.Equal(["0.02 USD, opens it now", "0.03 USD, about an hour"],
            Offered(Usual with { OpenAt = 15_000_000, PerRunningHour = 4_000_001 }, 0, scale: 2).Take(2));
    }

    [Fact]
    public void Whatever_is_missing_what_is_paid_is_whole_units_of_the_wire_and_enough() =>
        Gen.Select(Gen.ULong[0, 600_000], Gen.Int[0, 9], Gen.Enum<AmountChoice>()).Sample((funds, scale, choice) =>
        {
            var wire = WireOf(scale);
            var missing = funds < Usual.OpenAt ? Usual.OpenAt - funds : 0;
            return new WalletAmounts(Usual, Asset, wire).TryFind(choice, funds, out var units)
                && units % wire.Factor == 0 && units > 0 && units >= missing;
        });

    [Fact]
    public void With_the_usual_amount_an_ordinary_page_is_loaded_and_ten_times_again()
    {
        Assert.True(new WalletAmounts(Usual, Asset, WireOf(9)).TryFind(WalletAmounts.Usual, 0, out var units));

        var loads = 11 * 20 * Usual.PerRequest;
        Assert.True(units >= loads + RunningInterval.PriceOf(Usual.PerRunningHour) * 50, $"{units} units");
    }

    [Fact]
    public void An_amount_that_no_account_can_hold_is_not_offered() =>
        Assert.Equal(["9223372036.854775807 USD, opens it now"],
            Offered(new Prices(Asset.MaxAmount / 4, 1, Asset.MaxAmount, Asset.MaxAmount), 0));

    [Theory]
    [InlineData("now", AmountChoice.Now)]
    [InlineData("day", AmountChoice.Day)]
    [InlineData("7", WalletAmounts.Usual)]
    [InlineData("", WalletAmounts.Usual)]
    [InlineData(null, WalletAmounts.Usual)]
    public void What_a_form_posts_is_one_of_them(string? posted, AmountChoice choice) => Assert.Equal(choice, WalletAmounts.Read(posted));

    [Theory]
    [InlineData(299_999, null)]
    [InlineData(300_000, "about 2 minutes")]
    [InlineData(4 * Hour / 10, "about 25 minutes")]
    [InlineData(Hour, "about an hour")]
    [InlineData(3 * Hour, "about 3 hours")]
    [InlineData(24 * Hour, "about a day")]
    [InlineData(24 * 10 * Hour, "about 10 days")]
    [InlineData(24 * 183 * Hour, "about 6 months")]
    [InlineData(24 * 1500 * Hour, "about 4 years")]
    public void How_long_a_balance_lasts_is_said_in_words(ulong funds, string? words) =>
        Assert.Equal(words, OrdinaryUse.InWords(funds, Usual));

    [Fact]
    public void What_costs_nothing_lasts_for_no_particular_time() =>
        Assert.Null(OrdinaryUse.InWords(5, new Prices(0, 0, 0, 0)));

    private static IEnumerable<string> Offered(Prices prices, ulong funds, int scale = 9) =>
        new WalletAmounts(prices, Asset, WireOf(scale)).All(funds).Select(amount => $"{amount.Amount}, {amount.Words}");

    private static WireAsset WireOf(int scale)
    {
        var wire = new WireAsset(Asset);
        wire.Set(scale);
        return wire;
    }
}
