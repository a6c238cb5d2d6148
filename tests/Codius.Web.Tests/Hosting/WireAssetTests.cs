using Codius.Web.Hosting;
using CsCheck;

namespace Codius.Web.Tests.Hosting;

public sealed class WireAssetTests
{
    private static readonly Gen<(int Ledger, int Wire)> Scales = Gen.Int[1, 12].SelectMany(ledger => Gen.Int[0, ledger], (ledger, wire) =>
        (ledger, wire));

    [Theory]
    [InlineData(1UL, 10_000_000UL)]
    [InlineData(0UL, 0UL)]
    [InlineData(922_337_203_685UL, 9_223_372_036_850_000_000UL)]
    public void Cents_are_units_of_the_ledger_exactly(ulong cents, ulong units)
    {
        Assert.True(Wire(9, 2).TryToLedger(cents, out var read));
        Assert.Equal(units, read);
    }

    [Theory]
    [InlineData(9, 2, 922_337_203_686UL)]
    [InlineData(9, 2, ulong.MaxValue)]
    [InlineData(9, 2, 1_844_674_407_371UL)] // times the factor it is 2^64 and a little, which would wrap to a small amount
    [InlineData(9, 9, 9_223_372_036_854_775_808UL)]
    [InlineData(12, 0, 9_223_373UL)]
    public void An_amount_that_no_account_can_hold_is_refused(int ledger, int wire, ulong amount)
    {
        Assert.False(Wire(ledger, wire).TryToLedger(amount, out var units));
        Assert.Equal(0UL, units);
    }

    [Fact]
    public void A_total_may_pass_what_an_account_holds_but_not_64_bits()
    {
        Assert.True(Wire(9, 2).TryTotalToLedger(1_844_674_407_370, out var units));
        Assert.Equal(18_446_744_073_700_000_000UL, units);
        Assert.False(Wire(9, 2).TryTotalToLedger(1_844_674_407_371, out _));
        Assert.True(Wire(9, 9).TryTotalToLedger(ulong.MaxValue, out units));
        Assert.Equal(ulong.MaxValue, units);
    }

    [Fact]
    public void What_came_in_goes_out_as_the_same_amount() => Gen.Select(Scales, Gen.ULong).Sample((scales, amount) =>
    {
        var wire = Wire(scales.Ledger, scales.Wire);
        return wire.TryToLedger(amount, out var units)
            ? units <= Asset.MaxAmount && wire.ToWireUp(units) == amount && wire.ToWireDown(units) == amount
            : (UInt128)amount * wire.Factor > Asset.MaxAmount;
    });

    [Fact]
    public void What_must_be_paid_is_rounded_up_and_what_there_is_room_for_down() =>
        Gen.Select(Scales, Gen.ULong).Sample((scales, units) =>
        {
            var wire = Wire(scales.Ledger, scales.Wire);
            UInt128 up = wire.ToWireUp(units), down = wire.ToWireDown(units), factor = wire.Factor;
            return up * factor >= units && (up == 0 || (up - 1) * factor < units) && down * factor <= units && (down + 1) * factor > units;
        });

    [Fact]
    public void Decimal_text_is_the_same_in_both_digits() => Gen.Select(Scales, Gen.ULong).Sample((scales, amount) =>
    {
        var wire = Wire(scales.Ledger, scales.Wire);
        return !wire.TryToLedger(amount, out var units)
            || wire.AsAsset().Format(amount) == new Asset("USD", scales.Ledger).Format(units);
    });

    [Fact]
    public void Until_the_scale_is_known_nothing_is_taken_and_amounts_are_shown_in_the_ledgers_digits()
    {
        var wire = new WireAsset(new Asset("USD", 9));

        Assert.False(wire.IsKnown);
        Assert.False(wire.TryToLedger(1, out _));
        Assert.False(wire.TryTotalToLedger(1, out _));
        Assert.Equal(("USD", 9, 200_000UL), (wire.Code, wire.Scale, wire.ToWireUp(200_000)));

        wire.Set(2);
        Assert.True(wire.IsKnown);
        Assert.Equal(("USD", 2, 1UL), (wire.Code, wire.Scale, wire.ToWireUp(200_000)));
    }

    [Fact]
    public void A_total_of_another_wire_counts_by_that_ones_digits()
    {
        var wire = Wire(9, 2);

        Assert.True(wire.TryTotalToLedger(5, 6, out var units));
        Assert.Equal(5_000UL, units);
        Assert.True(wire.TryTotalToLedger(5, null, out units));
        Assert.Equal(5UL, units);
        Assert.False(wire.TryTotalToLedger(5, 10, out _));
        Assert.False(wire.TryTotalToLedger(ulong.MaxValue, 8, out _));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(-1)]
    public void The_wire_is_never_finer_than_the_ledger(int scale)
    {
        var wire = new WireAsset(new Asset("USD", 9));
        Assert.Throws<ArgumentOutOfRangeException>(() => wire.Set(scale));
        Assert.False(wire.IsKnown);
    }

    private static WireAsset Wire(int ledger, int scale)
    {
        var wire = new WireAsset(new Asset("USD", ledger));
        wire.Set(scale);
        return wire;
    }
}
