using System.Numerics;
using CsCheck;
using Interledger.Net.Streaming.Sending;

namespace Interledger.Net.Tests.Streaming.Sending;

/// <summary>Rates against exact arithmetic, up to the largest amounts there are.</summary>
public sealed class ExchangeRateTests
{
    private static readonly Gen<ulong> Amounts =
        Gen.OneOf(Gen.ULong, Gen.ULong[0, 1000], Gen.Const(ulong.MaxValue), Gen.Const((1UL << 53) + 1));

    [Fact]
    public void Products_are_exact_and_stop_at_the_largest_amount() =>
        Gen.Select(Amounts, Amounts, Amounts.Where(sent => sent > 0)).Sample((amount, delivered, sent) =>
        {
            var rate = new ExchangeRate(delivered, sent);
            var product = BigInteger.DivRem((BigInteger)amount * delivered, sent, out var rest);
            Assert.Equal(Capped(product), rate.Floor(amount));
            Assert.Equal(Capped(product + (rest.IsZero ? 0 : 1)), rate.Ceiling(amount));
        });

    [Fact]
    public void The_source_for_an_amount_is_the_least_that_delivers_it() =>
        Gen.Select(Amounts, Amounts, Amounts.Where(sent => sent > 0)).Sample((amount, delivered, sent) =>
        {
            var rate = new ExchangeRate(delivered, sent);
            var source = rate.SourceFor(amount);
            if (source == ulong.MaxValue) return;
            Assert.True(rate.Floor(source) >= amount);
            if (source > 0) Assert.True(rate.Floor(source - 1) < amount);
        });

    [Fact]
    public void A_lowered_rate_is_lower_and_never_by_more_than_a_hair_too_much() =>
        Gen.Select(Amounts, Amounts.Where(sent => sent > 0), Gen.Int[0, 10_000]).Sample((delivered, sent, basisPoints) =>
        {
            var lowered = new ExchangeRate(delivered, sent).Lower(basisPoints);
            var exact = (BigInteger)delivered * (10_000 - basisPoints) * lowered.Sent;
            var got = (BigInteger)lowered.Delivered * 10_000 * sent;
            Assert.True(got <= exact);
            // Numbers that do not fit are halved together: what is lost is below the last of their 64 bits.
            if (delivered > 1_000_000 && sent > 1_000_000 && delivered / sent < 1000 && sent / delivered < 1000)
                Assert.True(got * 1_000_001 >= exact * 1_000_000);
        });

    private static ulong Capped(BigInteger value) => value > ulong.MaxValue ? ulong.MaxValue : (ulong)value;
}
