using Codius.Web.Hosting;

namespace Codius.Web.Tests.Hosting;

public sealed class AssetTests
{
    private readonly Asset _asset = new("USD", 9);

    [Theory]
    [InlineData("0.00001", 10_000UL)]
    [InlineData("0", 0UL)]
    [InlineData("1", 1_000_000_000UL)]
    [InlineData("1.000000000000", 1_000_000_000UL)]
    [InlineData("0.000000001", 1UL)]
    [InlineData("9223372036.854775807", 9_223_372_036_854_775_807UL)]
    public void Decimal_text_is_read_as_whole_units(string text, ulong units)
    {
        Assert.True(_asset.TryParse(text, out var read));
        Assert.Equal(units, read);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(".5")]
    [InlineData("5.")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData(" 1")]
    [InlineData("1e3")]
    [InlineData("1,5")]
    [InlineData("0.0000000001")]
    [InlineData("9223372036.854775808")]
    [InlineData("99999999999999999999")]
    public void What_is_no_whole_number_of_units_in_range_is_refused(string? text) => Assert.False(_asset.TryParse(text, out _));

    [Fact]
    public void What_is_written_is_read_back_as_the_same_units() =>
        CsCheck.Check.Sample(CsCheck.Gen.Select(CsCheck.Gen.ULong[0, Asset.MaxAmount], CsCheck.Gen.Int[1, 12]), (units, scale) =>
        {
            var asset = new Asset("USD", scale);
            return asset.TryParse(asset.Format(units), out var read) && read == units;
        });

    [Theory]
    [InlineData(10_000UL, "0.00001")]
    [InlineData(0UL, "0")]
    [InlineData(2_500_000_000UL, "2.5")]
    [InlineData(9_223_372_036_854_775_807UL, "9223372036.854775807")]
    public void Units_are_written_without_trailing_zeros(ulong units, string text) => Assert.Equal(text, _asset.Format(units));
}
