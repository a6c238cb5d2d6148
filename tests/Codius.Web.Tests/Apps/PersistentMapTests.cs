using Codius.Web.Apps;

namespace Codius.Web.Tests.Apps;

public sealed class PersistentMapTests
{
    [Fact]
    public void It_is_like_a_dictionary_whatever_the_order_of_its_changes()
    {
        var random = new Random(1);
        var expected = new Dictionary<string, int>();
        var map = PersistentMap<string, int>.Empty;
        for (var round = 0; round < 300; round++)
        {
            var builder = map.ToBuilder();
            for (var change = 0; change < 30; change++)
            {
                var key = $"{random.Next(5000)}";
                if (random.Next(3) == 0)
                {
                    builder.Remove(key);
                    expected.Remove(key);
                }
                else
                {
                    builder.Set(key, round);
                    expected[key] = round;
                }
            }
            map = builder.ToMap();
        }

        Assert.Equal(expected.Count, map.Count);
        Assert.Equal(expected.Values.Order(), map.Values.Order());
        Assert.All(Enumerable.Range(0, 5000).Select(number => $"{number}"), key =>
        {
            Assert.Equal(expected.TryGetValue(key, out var value), map.TryGetValue(key, out var found));
            Assert.Equal(value, found);
        });
    }

    [Fact]
    public void A_map_stays_as_it_was_when_a_copy_of_it_or_its_builder_is_changed_later()
    {
        var builder = Numbers(100).ToBuilder();
        var map = builder.ToMap();

        builder.Set("7", 700);
        builder.Remove("8");
        var changed = builder.ToMap();

        Assert.Equal((7, true), (map.GetValueOrDefault("7"), map.ContainsKey("8")));
        Assert.Equal((700, false), (changed.GetValueOrDefault("7"), changed.ContainsKey("8")));
    }

    [Fact]
    public void Two_maps_differ_in_the_keys_that_were_set_added_or_removed_between_them()
    {
        var before = Numbers(1000);
        var builder = before.ToBuilder();
        builder.Set("1", -1);
        builder.Set("2", 2);
        builder.Set("new", 0);
        builder.Remove("3");
        var now = builder.ToMap();

        Assert.Equal(["1", "3", "new"], now.KeysThatDiffer(before).Order(StringComparer.Ordinal));
        Assert.Equal(["1", "3", "new"], before.KeysThatDiffer(now).Order(StringComparer.Ordinal));
        Assert.Empty(now.KeysThatDiffer(now));
    }

    [Fact]
    public void Maps_of_very_different_sizes_are_compared_too()
    {
        Assert.Equal(9_990, Numbers(10_000).KeysThatDiffer(Numbers(10)).Count());
        Assert.Equal(9_990, Numbers(10).KeysThatDiffer(Numbers(10_000)).Count());
    }

    [Fact]
    public void A_change_among_a_hundred_thousand_copies_few_of_them()
    {
        var map = Numbers(100_000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var change = 0; change < 100; change++)
        {
            var builder = map.ToBuilder();
            builder.Set($"{change}", -1);
            map = builder.ToMap();
        }

        // A copy of all is several megabytes.
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / 100, 1, 100_000);
    }

    private static PersistentMap<string, int> Numbers(int count)
    {
        var builder = PersistentMap<string, int>.Empty.ToBuilder();
        for (var number = 0; number < count; number++) builder.Set($"{number}", number);
        return builder.ToMap();
    }
}
