using Interledger.Net.Oer;

namespace Interledger.Net.Tests.Oer;

public sealed class OerReaderTests
{
    [Theory]
    [InlineData("7f", 127, WireError.None)]
    [InlineData("8180", 128, WireError.None)]
    [InlineData("81ff", 255, WireError.None)]
    [InlineData("820100", 256, WireError.None)]
    [InlineData("847fffffff", int.MaxValue, WireError.None)]
    [InlineData("8100", 0, WireError.NonCanonicalLength)]
    [InlineData("817f", 0, WireError.NonCanonicalLength)]
    [InlineData("8200ff", 0, WireError.NonCanonicalLength)]
    [InlineData("88000000000000007f", 0, WireError.NonCanonicalLength)]
    [InlineData("80", 0, WireError.IndefiniteLength)]
    [InlineData("8480000000", 0, WireError.LengthTooLarge)]
    [InlineData("88ffffffffffffffff", 0, WireError.LengthTooLarge)]
    [InlineData("89010000000000000000", 0, WireError.LengthTooLarge)]
    [InlineData("ff", 0, WireError.LengthTooLarge)]
    [InlineData("8201", 0, WireError.Truncated)]
    [InlineData("", 0, WireError.Truncated)]
    public void A_length_has_one_form_only(string hex, int expected, WireError error)
    {
        var reader = new OerReader(Convert.FromHexString(hex));

        Assert.Equal(error == WireError.None, reader.TryReadLength(out var length));

        Assert.Equal((expected, error), (length, reader.Error));
    }

    [Fact]
    public void After_a_failure_nothing_is_read_any_more_and_the_first_reason_stays()
    {
        var reader = new OerReader([0x80, 1, 2, 3]);

        Assert.False(reader.TryReadLength(out _));

        Assert.False(reader.TryReadUInt8(out _));
        Assert.False(reader.TryReadBytes(1, out _));
        Assert.False(reader.TryFinish());
        Assert.Equal(WireError.IndefiniteLength, reader.Error);
        Assert.True(reader.Remaining.IsEmpty);
    }

    [Fact]
    public void A_claimed_length_of_two_gigabytes_costs_nothing()
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var reader = new OerReader([0x84, 0x7F, 0xFF, 0xFF, 0xFF, 1]);

        Assert.False(reader.TryReadVarOctetString(out _));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000);
    }
}
