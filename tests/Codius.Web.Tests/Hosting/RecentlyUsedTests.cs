using Codius.Shared;

namespace Codius.Web.Tests.Hosting;

public sealed class RecentlyUsedTests
{
    [Fact]
    public void New_keys_are_always_taken_and_what_was_used_longest_ago_makes_room()
    {
        var kept = new RecentlyUsed<int, string>(generation: 100);
        for (var i = 0; i < 10_000; i++)
        {
            Assert.Equal($"{i}", kept.GetOrAdd(i, key => $"{key}"));
            Assert.True(kept.TryGet(0, out _), "what is in use stays");
        }

        Assert.InRange(kept.Count, 100, 200);
        Assert.False(kept.TryGet(5_000, out _));
        Assert.True(kept.TryGet(9_999, out var last));
        Assert.Equal("9999", last);
    }

    [Fact]
    public void A_key_keeps_its_value_until_it_is_taken_out()
    {
        var kept = new RecentlyUsed<string, object>(10, StringComparer.OrdinalIgnoreCase);
        var value = kept.GetOrAdd("host", _ => new object());

        Assert.Same(value, kept.GetOrAdd("HOST", _ => new object()));
        Assert.True(kept.Remove("host", out var removed));
        Assert.Same(value, removed);
        Assert.False(kept.TryGet("host", out _));
    }
}
