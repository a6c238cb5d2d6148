using Codius.Web.Admin.Dashboard.Rendering;
using Codius.Web.Hosting;

namespace Codius.Web.Tests.Admin.Dashboard;

public sealed class ShownTests
{
    [Theory]
    [InlineData(0, "0")]
    [InlineData(41_000_000_000, "41")]
    [InlineData(10_108_400_000, "10.10")]
    [InlineData(380_245_599_999, "380.24")]
    [InlineData(1_000_999_999, "1")]
    [InlineData(500_000_000, "0.50")]
    [InlineData(20_500_000, "0.0205")]
    [InlineData(4_661_123, "0.00466")]
    [InlineData(999_999_999, "0.999")]
    [InlineData(10_000, "0.00001")]
    [InlineData(1, "0.000000001")]
    [InlineData(1_234_567_890_000_000, "1,234,567.89")]
    public void An_amount_has_few_digits_and_is_never_rounded_up(ulong units, string text) =>
        Assert.Equal(text, Shown.Short(units, new Asset("USD", 9)));

    [Theory]
    [InlineData(12_345, 0, "12,345")]
    [InlineData(15, 1, "1.5")]
    public void An_asset_with_few_decimals_gets_none_that_it_lacks(ulong units, int scale, string text) =>
        Assert.Equal(text, Shown.Short(units, new Asset("JPY", scale)));
}
