using Codius.Web.Visits.Charging;
using CsCheck;
using Microsoft.Extensions.Time.Testing;

namespace Codius.Web.Tests.Visits.Charging;

public sealed class SpendCapTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void What_was_spent_counts_for_a_whole_hour()
    {
        var caps = new SpendCap(_time);
        Assert.True(TryReserve(caps, out _));
        Assert.False(TryReserve(caps, out var wait));
        Assert.Equal(61 * 60, wait);

        _time.Advance(TimeSpan.FromMinutes(60));
        Assert.False(TryReserve(caps, out wait));
        Assert.Equal(60, wait);

        _time.Advance(TimeSpan.FromSeconds(wait));
        Assert.True(TryReserve(caps, out _));

        static bool TryReserve(SpendCap caps, out int wait) => caps.TryReserve("hello", cap: 10, price: 10, out _, out wait);
    }

    [Fact]
    public void A_voided_price_makes_room_again()
    {
        var caps = new SpendCap(_time);
        Assert.True(caps.TryReserve("hello", 10, 10, out var minute, out _));

        caps.Release("hello", 10, minute);

        Assert.True(caps.TryReserve("hello", 10, 10, out _, out _));
    }

    [Fact]
    public void A_price_above_the_cap_is_never_let_in() => Assert.False(new SpendCap(_time).TryReserve("hello", 9, 10, out _, out _));

    [Fact]
    public void No_hour_ever_sees_more_than_the_cap() =>
        Gen.Select(Gen.Int[0, 40], Gen.Bool).Array[1, 300].Sample(steps =>
        {
            var time = new FakeTimeProvider();
            var caps = new SpendCap(time);
            var kept = new List<DateTimeOffset>();
            foreach (var (minutes, voided) in steps)
            {
                time.Advance(TimeSpan.FromMinutes(minutes / 4.0));
                if (!caps.TryReserve("hello", cap: 5, price: 1, out var minute, out var wait))
                {
                    if (wait < 1) return false;
                    continue;
                }
                if (voided) caps.Release("hello", 1, minute);
                else kept.Add(time.GetUtcNow());
            }
            return kept.TrueForAll(end => kept.Count(at => at <= end && at > end - TimeSpan.FromHours(1)) <= 5);
        });
}
